/** Objects of Amazon S3 one by one, by every kind of key and range: an emulator that checks signatures and the double answer alike. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import { MetaflowConfig } from "../../src/client/config.ts";
import { openS3 } from "../../src/client/datastore/s3/open.ts";
import type { ObjectStore, OpenObject } from "../../src/client/datastore/store.ts";
import { DatastoreError } from "../../src/client/errors.ts";
import { S3Double } from "../servers/s3Double.mjs";
import { BUCKET, S3Emulator, s3Python } from "../servers/s3Emulator.mjs";

const KEYS = [
  "Flow/1/start/2/0.data.json",
  "Flow/a b/ü/+&=#?%25%2F",
  "Flow/'()*!~;,@$:",
  "Flow/a//b",
  'Flow/"<>&\\^`{|}',
  "Flow/\u{1f600}/x",
  "Flow/%",
  "top",
];
const SCALE = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 251));
const ATTRIBUTES = '{"cas_raw": false, "cas_version": 1}';
const ROOT = `s3://${BUCKET}/p q/x+y/`;

type Env = Record<string, string>;

async function open(env: Env, root = ROOT): Promise<ObjectStore> {
  return openS3(root, await MetaflowConfig.load({ cwd: "/", env: { HOME: "/nonexistent", ...env } }));
}

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

describe("objects in Amazon S3", () => {
  const double = new S3Double(BUCKET);
  const places: Record<string, () => Promise<Env>> = {
    "an emulator that checks signatures": startEmulator,
    "a double": startDouble,
  };
  let emulator: S3Emulator | undefined;

  afterAll(async () => {
    await emulator?.stop();
    await double.stop();
  });

  async function startEmulator(): Promise<Env> {
    emulator = new S3Emulator(await s3Python(), { pageSize: 2 });
    const url = await emulator.start();
    for (const [name, body] of objects())
      await emulator.put(name, body, { "x-amz-meta-metaflow-user-attributes": ATTRIBUTES });
    await emulator.checkSignatures();
    const { accessKeyId, secretAccessKey } = emulator.told;
    return {
      METAFLOW_S3_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
  }
  async function startDouble(): Promise<Env> {
    for (const [name, body] of objects()) double.put(name, body, { "metaflow-user-attributes": ATTRIBUTES });
    const url = await double.start();
    return { METAFLOW_S3_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "any" };
  }
  function objects(): [string, Buffer][] {
    const named = KEYS.map((key): [string, Buffer] => [`p q/x+y/${key}`, Buffer.from(`at ${key}`)]);
    return [
      ...named,
      ["p q/x+y/scale", SCALE],
      ["p q/x+y/empty", Buffer.of()],
      ["p q/x+yz", Buffer.from("beside")],
    ];
  }

  for (const [place, start] of Object.entries(places)) {
    describe(`on ${place}`, () => {
      let store: ObjectStore;
      let env: Env;
      beforeAll(async () => {
        env = await start();
        store = await open(env);
      });
      afterAll(() => {
        store.close?.();
      });

      it("are read by any key, below any prefix", async () => {
        for (const key of KEYS) {
          expect(await text(store, key), key).toBe(`at ${key}`);
          const head = await store.head(key);
          expect(head?.sizeBytes, key).toBe(Buffer.byteLength(`at ${key}`));
          expect(head?.modifiedMs).toBeGreaterThan(Date.UTC(2026, 0));
        }
        for (const [root, key] of [
          ["", "p q/x+yz"],
          ["/", "p q/x+yz"],
          ["//p q", "x+yz"],
        ] as const) {
          const bare = await open(env, `s3://${BUCKET}${root}`);
          expect(await text(bare, key), root).toBe("beside");
          bare.close?.();
        }
      });

      it("come with what Metaflow keeps with them", async () => {
        const opened = await store.stream("top");
        expect(opened?.attributes).toBe(ATTRIBUTES);
        expect((await bytesOf(opened)).toString()).toBe("at top");
      });

      it("are undefined where they are missing, whichever is asked for first", async () => {
        for (const key of ["no", "Flow", "top/x", "Flow/"]) {
          for (const fresh of [await open(env), store]) {
            expect(await fresh.head(key), key).toBeUndefined();
            expect(await fresh.get(key), key).toBeUndefined();
            expect(await fresh.getRange(key, 0, 5), key).toBeUndefined();
            expect(await fresh.stream(key, { from: 5 }), key).toBeUndefined();
            if (fresh !== store) fresh.close?.();
          }
        }
      });

      it("are never others than those that were asked for, though an address might work their key out", async () => {
        for (const key of ["Flow/../top", "./top", "..", "Flow/."])
          await expect(store.get(key), key).rejects.toThrow(DatastoreError);
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
        for (const from of [0, 1, 999, 1000, 1001]) {
          const opened = await store.stream("scale", { from });
          expect((await bytesOf(opened)).equals(SCALE.subarray(from)), `from ${from}`).toBe(true);
        }
      });

      it("are there though they have no bytes", async () => {
        const fresh = await open(env);
        expect((await fresh.head("empty"))?.sizeBytes).toBe(0);
        fresh.close?.();
        expect((await store.head("empty"))?.sizeBytes).toBe(0);
        expect(await store.get("empty")).toHaveLength(0);
        expect(await store.getRange("empty", 0, 10)).toHaveLength(0);
        expect(await bytesOf(await store.stream("empty"))).toHaveLength(0);
      });

      it("are listed one level at a time, page by page", async () => {
        double.pageSize = 2;
        for (const escapes of [true, false]) {
          double.escapes = escapes;
          expect(await listed(store, "")).toEqual([
            "object empty",
            "object scale",
            "object top",
            "prefix Flow",
          ]);
          for (const prefix of ["Flow", "Flow/"])
            expect(await listed(store, prefix)).toEqual(
              [
                'object Flow/"<>&\\^`{|}',
                "object Flow/%",
                "object Flow/'()*!~;,@$:",
                "prefix Flow/1",
                "prefix Flow/a",
                "prefix Flow/a b",
                "prefix Flow/\u{1f600}",
              ].sort(),
            );
          expect(await listed(store, "Flow/a b/ü")).toEqual(["object Flow/a b/ü/+&=#?%25%2F"]);
          expect(await listed(store, "Fl")).toEqual([]);
          expect(await listed(store, "none")).toEqual([]);
        }
      });

      it("are in a bucket that exists: of another one an error tells, whatever is asked for", async () => {
        const nowhere = await open(env, "s3://nowhere/root");
        const questions = [
          async () => nowhere.head("k"),
          async () => nowhere.get("k"),
          async () => nowhere.getRange("k", 0, 1),
          async () => collect(nowhere.list("k")),
        ];
        for (const ask of questions) {
          const error = await ask().then(
            () => undefined,
            (thrown: unknown) => thrown as DatastoreError,
          );
          expect(error).toBeInstanceOf(DatastoreError);
          expect(error?.message).toMatch(/s3:\/\/nowhere\/root: .*bucket does not exist.*NoSuchBucket/);
        }
        nowhere.close?.();
      });
    });
  }
});
