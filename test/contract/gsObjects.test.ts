/** Objects of Google Cloud Storage one by one, by every kind of key and range: an emulator and the double answer alike. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import { GsDialect } from "../../src/client/datastore/gs/dialect.ts";
import { parseRoot } from "../../src/client/datastore/gs/place.ts";
import { HttpStore } from "../../src/client/datastore/http.ts";
import type { ObjectStore, OpenObject } from "../../src/client/datastore/store.ts";
import { GsDouble } from "../servers/gsDouble.mjs";
import { BUCKET, GsEmulator, gsPython } from "../servers/gsEmulator.mjs";

const KEYS = [
  "Flow/1/start/2/0.data.json",
  "Flow/a b/ü/+&=#?%25",
  "Flow/'()*!~;,@$:",
  "Flow/\u{1f600}/x",
  "top",
];
const SCALE = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 251));

function open(url: string, root = `gs://${BUCKET}/p q/x`): ObjectStore {
  return new HttpStore(new GsDialect(parseRoot(root), url, undefined));
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

describe("objects in Google Cloud Storage", () => {
  const double = new GsDouble(BUCKET);
  const places: Record<string, () => Promise<string>> = {
    "an emulator": startEmulator,
    "a double": startDouble,
  };
  let emulator: GsEmulator | undefined;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-gs-"));
  });
  afterAll(async () => {
    await emulator?.stop();
    await double.stop();
    await rm(folder, { recursive: true });
  });

  async function startEmulator(): Promise<string> {
    emulator = new GsEmulator(await gsPython(), folder);
    const url = await emulator.start();
    for (const [name, body] of objects()) await emulator.put(name, body);
    return url;
  }
  async function startDouble(): Promise<string> {
    for (const [name, body] of objects()) double.put(name, body);
    return double.start();
  }
  function objects(): [string, Buffer][] {
    const named = KEYS.map((key): [string, Buffer] => [`p q/x/${key}`, Buffer.from(`at ${key}`)]);
    return [
      ...named,
      ["p q/x/scale", SCALE],
      ["p q/x/empty", Buffer.of()],
      ["p q/xy", Buffer.from("beside")],
    ];
  }

  for (const [place, start] of Object.entries(places)) {
    describe(`on ${place}`, () => {
      let store: ObjectStore;
      let url: string;
      beforeAll(async () => {
        url = await start();
        store = open(url);
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
        const bare = open(url, `gs://${BUCKET}`);
        expect(await text(bare, "p q/xy")).toBe("beside");
        bare.close?.();
      });

      it("are undefined where they are missing", async () => {
        // To such names the emulator has no answer.
        const odd = place === "a double" ? ["Flow/", "a/../top", ".."] : [];
        for (const key of ["no", "Flow", "top/x", ...odd]) {
          expect(await store.get(key), key).toBeUndefined();
          expect(await store.head(key), key).toBeUndefined();
          expect(await store.getRange(key, 0, 5), key).toBeUndefined();
          expect(await store.stream(key, { from: 5 }), key).toBeUndefined();
        }
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

      it("are listed one level at a time", async () => {
        expect(await listed(store, "")).toEqual([
          "object empty",
          "object scale",
          "object top",
          "prefix Flow",
        ]);
        for (const prefix of ["Flow", "Flow/"])
          expect(await listed(store, prefix)).toEqual(
            ["object Flow/'()*!~;,@$:", "prefix Flow/1", "prefix Flow/a b", "prefix Flow/\u{1f600}"].sort(),
          );
        expect(await listed(store, "Flow/a b/ü")).toEqual(["object Flow/a b/ü/+&=#?%25"]);
        expect(await listed(store, "Fl")).toEqual([]);
        expect(await listed(store, "none")).toEqual([]);
      });
    });
  }
});
