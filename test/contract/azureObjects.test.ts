/** Blobs one by one, by every kind of key and range: Azurite and the double answer alike. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import { MetaflowConfig } from "../../src/client/config.ts";
import { AzureDialect } from "../../src/client/datastore/azure/dialect.ts";
import { openAzure } from "../../src/client/datastore/azure/open.ts";
import { parseRoot } from "../../src/client/datastore/azure/place.ts";
import { HttpStore } from "../../src/client/datastore/http.ts";
import type { ObjectStore, OpenObject } from "../../src/client/datastore/store.ts";
import { StoreUnreachable } from "../../src/client/errors.ts";
import { AzureDouble } from "../servers/azureDouble.mjs";
import { Azurite, CONTAINER } from "../servers/azurite.mjs";

const KEYS = [
  "Flow/1/start/2/0.data.json",
  "Flow/a b/ü/+&=#?%25<x>\"'",
  "Flow/'()*!~;,@$:",
  "Flow/\u{1f600}/x",
  "Flow/&amp;/&#65;",
  "top",
];
const SCALE = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 251));
const ATTRIBUTES = '{"cas_raw": false, "cas_version": 1}';
const KEPT = { "x-ms-meta-metaflow_user_attributes": ATTRIBUTES };

async function bytesOf(opened: OpenObject | undefined): Promise<Buffer> {
  return opened === undefined ? Buffer.of() : Buffer.concat(await collect(opened.bytes));
}

async function text(store: ObjectStore, key: string): Promise<string | undefined> {
  const bytes = await store.get(key);
  return bytes && Buffer.from(bytes).toString();
}

async function listed(store: ObjectStore, prefix: string): Promise<string[]> {
  return (await collect(store.list(prefix))).map(({ key, kind }) => `${kind} ${key}`).sort();
}

function blobs(): [string, Buffer][] {
  return [
    ...KEYS.map((key): [string, Buffer] => [`p q/x/${key}`, Buffer.from(`at ${key}`)]),
    ["p q/x/scale", SCALE],
    ["p q/x/empty", Buffer.of()],
    ["p q/xy", Buffer.from("beside")],
  ];
}

describe("blobs", () => {
  const azurite = new Azurite();
  const double = new AzureDouble(CONTAINER);
  const places: Record<string, () => Promise<(root: string) => Promise<ObjectStore>>> = {
    Azurite: async () => {
      await azurite.start();
      for (const [name, bytes] of blobs()) await azurite.put(name, bytes, KEPT);
      const config = await MetaflowConfig.load({ cwd: "/", env: azurite.env });
      return async (root) => openAzure(root, config);
    },
    "a double": async () => {
      for (const [name, bytes] of blobs()) double.put(name, bytes, { headers: KEPT });
      const endpoint = { url: await double.start(), signature: undefined };
      return async (root) =>
        Promise.resolve(new HttpStore(new AzureDialect(parseRoot(root), endpoint, undefined)));
    },
  };

  afterAll(async () => {
    await azurite.stop();
    await double.stop();
  });

  for (const [place, start] of Object.entries(places)) {
    describe(`on ${place}`, () => {
      let open: (root: string) => Promise<ObjectStore>;
      let store: ObjectStore;
      beforeAll(async () => {
        open = await start();
        store = await open(`${CONTAINER}/p q/x`);
      });
      afterAll(() => {
        store.close?.();
      });

      it("are read by any key, below any prefix, with what Metaflow keeps with them", async () => {
        for (const key of KEYS) {
          expect(await text(store, key), key).toBe(`at ${key}`);
          const head = await store.head(key);
          expect(head?.sizeBytes, key).toBe(Buffer.byteLength(`at ${key}`));
          expect(head?.modifiedMs).toBeGreaterThan(Date.UTC(2026, 0));
        }
        const opened = await store.stream("scale");
        expect(opened?.attributes).toBe(ATTRIBUTES);
        expect((await bytesOf(opened)).equals(SCALE)).toBe(true);
        const bare = await open(CONTAINER);
        expect(await text(bare, "p q/xy")).toBe("beside");
        bare.close?.();
      });

      it("are undefined where they are missing", async () => {
        for (const key of ["no", "Flow", "top/x"]) {
          expect(await store.get(key), key).toBeUndefined();
          expect(await store.head(key), key).toBeUndefined();
          expect(await store.getRange(key, 0, 5), key).toBeUndefined();
          expect(await store.stream(key, { from: 5 }), key).toBeUndefined();
        }
      });

      it("are an error where their container is missing", async () => {
        const nowhere = await open("nowhere/p");
        const questions = [
          async () => nowhere.get("k"),
          async () => nowhere.head("k"),
          async () => nowhere.getRange("k", 0, 1),
          async () => listed(nowhere, "k"),
        ];
        for (const ask of questions)
          await expect(ask()).rejects.toMatchObject({
            code: "datastore-error",
            message: expect.stringMatching(/nowhere\/p.*ContainerNotFound/),
          });
        nowhere.close?.();
      });

      it("are read in parts, of which those past the end are empty", async () => {
        const parts = [
          [0, 1],
          [0, 1000],
          [10, 20],
          [990, 2000],
          [999, Infinity],
          [1000, 1001],
          [5000, Infinity],
          [7, 7],
        ] as const;
        for (const [from, to] of parts)
          expect(
            Buffer.from((await store.getRange("scale", from, to)) ?? []).equals(SCALE.subarray(from, to)),
            `${from}-${to}`,
          ).toBe(true);
        expect(await store.getRange("empty", 0, 10)).toHaveLength(0);
        expect(await store.get("empty")).toHaveLength(0);
        expect((await store.head("empty"))?.sizeBytes).toBe(0);
        for (const from of [0, 1, 999, 1000, 1001]) {
          const opened = await store.stream("scale", { from });
          expect((await bytesOf(opened)).equals(SCALE.subarray(from)), `from ${from}`).toBe(true);
        }
      });

      it("are read on only in the same version", async () => {
        const opened = await store.stream("scale");
        await bytesOf(opened);
        const rest = await store.stream("scale", { from: 990, etag: opened?.etag });
        expect(await bytesOf(rest)).toHaveLength(10);
        await expect(store.stream("scale", { from: 990, etag: '"another"' })).rejects.toMatchObject({
          code: "datastore-error",
          message: expect.stringContaining("changed while it was read"),
        });
      });

      it("are listed one level at a time", async () => {
        expect(await listed(store, "")).toEqual([
          "object empty",
          "object scale",
          "object top",
          "prefix Flow",
        ]);
        for (const prefix of ["Flow", "Flow/"])
          expect(await listed(store, prefix)).toEqual(
            [
              "object Flow/'()*!~;,@$:",
              "prefix Flow/&amp;",
              "prefix Flow/1",
              "prefix Flow/a b",
              "prefix Flow/\u{1f600}",
            ].sort(),
          );
        expect(await listed(store, "Flow/a b/ü")).toEqual([`object ${KEYS[1] ?? ""}`]);
        expect(await listed(store, "Flow/&amp;")).toEqual(["object Flow/&amp;/&#65;"]);
        expect(await listed(store, "Fl")).toEqual([]);
        expect(await listed(store, "none")).toEqual([]);
      });
    });
  }

  it("are not asked for where the certificate is not trusted", async () => {
    const { REQUESTS_CA_BUNDLE: bundle = "", ...env } = azurite.env;
    expect(await readFile(bundle, "utf8")).toContain("BEGIN CERTIFICATE");
    const config = await MetaflowConfig.load({ cwd: "/", env });
    const store = await openAzure(`${CONTAINER}/p q/x`, config);
    const asked = store.get("top");
    await expect(asked).rejects.toBeInstanceOf(StoreUnreachable);
    await expect(asked).rejects.toThrow(/certificate/);
    store.close?.();
  });
});
