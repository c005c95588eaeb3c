/** What every object store is held to, object by object, by every kind of key and range: an emulator and a double answer alike. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import type { ObjectStore } from "../../src/client/datastore/store.ts";
import { DatastoreError } from "../../src/client/errors.ts";
import { bytesOf } from "../helpers/bytesOf.ts";

const ATTRIBUTES = '{"cas_raw": false, "cas_version": 1}';
const SCALE = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 251));

/** Where objects lie in one kind of store, and under which names. */
export interface Layout {
  /** The store's root, and what the names of objects begin with there. */
  readonly root: string;
  readonly prefix: string;
  /** Keys as that kind may find hard; `top` is among them, all others begin with `Flow/`. */
  readonly keys: readonly string[];
  /** What is listed below prefixes of those keys. */
  readonly levels: Readonly<Record<string, readonly string[]>>;
  /** Roots above, each with the key that the object beside the store's root has from there. */
  readonly above: readonly (readonly [root: string, key: string])[];
  /** A root in a bucket or container that does not exist, and what the error says of it. */
  readonly nowhere: { readonly root: string; readonly says: RegExp };
}

/** A server that has the objects. */
export interface Place {
  /** Keys more that it knows of no object for. */
  readonly missing?: readonly string[];
  /** Starts it with objects by their names, all of them with the same attributes; gives how a store there is opened. */
  start(
    objects: readonly (readonly [name: string, bytes: Buffer])[],
    attributes: string,
  ): Promise<(root: string) => Promise<ObjectStore>>;
  stop(): Promise<void>;
}

/** The objects of a layout, in a place. */
class Objects {
  readonly layout: Layout;
  readonly place: Place;
  readonly #opened: ObjectStore[] = [];
  #open: ((root: string) => Promise<ObjectStore>) | undefined;
  #store: ObjectStore | undefined;

  constructor(layout: Layout, place: Place) {
    this.layout = layout;
    this.place = place;
  }

  /** The store that all tests of a place share. */
  get store(): ObjectStore {
    if (this.#store === undefined) throw new Error("the place is not started");
    return this.#store;
  }

  async start(): Promise<void> {
    const { keys, prefix } = this.layout;
    const named = keys.map((key) => [`${prefix}/${key}`, Buffer.from(`at ${key}`)] as const);
    const others = [
      [`${prefix}/scale`, SCALE],
      [`${prefix}/empty`, Buffer.of()],
      [`${prefix}z`, Buffer.from("beside")],
    ] as const;
    this.#open = await this.place.start([...named, ...others], ATTRIBUTES);
    this.#store = await this.open();
  }

  async stop(): Promise<void> {
    for (const store of this.#opened) store.close?.();
    await this.place.stop();
  }

  /** Another store there, which is closed in the end. */
  async open(root = this.layout.root): Promise<ObjectStore> {
    if (this.#open === undefined) throw new Error("the place is not started");
    const store = await this.#open(root);
    this.#opened.push(store);
    return store;
  }
}

/** Has the objects be in a place while the tests run that are registered beside. */
export function objectsIn(place: Place, layout: Layout): Objects {
  const objects = new Objects(layout, place);
  beforeAll(async () => objects.start());
  afterAll(async () => objects.stop());
  return objects;
}

/** Registers the tests of what is read. */
export function theyAreRead(objects: Objects): void {
  const { keys, above } = objects.layout;

  it("are read by any key, below any prefix", async () => {
    const { store } = objects;
    for (const key of keys) {
      expect(await text(store, key), key).toBe(`at ${key}`);
      const head = await store.head(key);
      expect(head?.sizeBytes, key).toBe(Buffer.byteLength(`at ${key}`));
      expect(head?.modifiedMs).toBeGreaterThan(Date.UTC(2026, 0));
    }
    for (const [root, key] of above) expect(await text(await objects.open(root), key), root).toBe("beside");
  });

  it("come with what Metaflow keeps with them", async () => {
    for (const [key, bytes] of [
      ["top", Buffer.from("at top")],
      ["scale", SCALE],
    ] as const) {
      const opened = await objects.store.stream(key);
      expect(opened?.attributes).toBe(ATTRIBUTES);
      expect((await bytesOf(opened)).equals(bytes)).toBe(true);
    }
  });

  it("are undefined where they are missing, whichever is asked for first", async () => {
    const questions = [
      async (store: ObjectStore, key: string) => store.head(key),
      async (store: ObjectStore, key: string) => store.get(key),
      async (store: ObjectStore, key: string) => store.getRange(key, 0, 5),
      async (store: ObjectStore, key: string) => store.stream(key, { from: 5 }),
    ];
    for (const key of ["no", "Flow", "top/x", ...(objects.place.missing ?? [])])
      for (const [store, inOrder] of [
        [await objects.open(), questions],
        [await objects.open(), questions.toReversed()],
        [objects.store, questions],
      ] as const)
        for (const ask of inOrder) expect(await ask(store, key), key).toBeUndefined();
  });

  it("are read in parts, of which those past the end are empty", async () => {
    const { store } = objects;
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
    const { store } = objects;
    expect((await (await objects.open()).head("empty"))?.sizeBytes).toBe(0);
    expect((await store.head("empty"))?.sizeBytes).toBe(0);
    expect(await store.get("empty")).toHaveLength(0);
    expect(await store.getRange("empty", 0, 10)).toHaveLength(0);
    const opened = await store.stream("empty");
    expect(opened).toBeDefined();
    expect(await bytesOf(opened)).toHaveLength(0);
  });

  it("are listed one level at a time, page by page", async () => {
    const { store, layout } = objects;
    const levels = {
      "": ["object empty", "object scale", "object top", "prefix Flow"],
      ...layout.levels,
      Fl: [],
      none: [],
    };
    for (const [prefix, expected] of Object.entries(levels))
      expect(await listed(store, prefix), prefix).toEqual(expected.toSorted());
  });
}

/** Registers the tests of what an answer says that is no object: that there is no such bucket, that it is another version. */
export function othersAreToldApart(objects: Objects): void {
  it("are in a bucket that exists: of another one an error tells, whatever is asked for", async () => {
    const { root, says } = objects.layout.nowhere;
    const nowhere = await objects.open(root);
    const questions = [
      async () => nowhere.head("k"),
      async () => nowhere.get("k"),
      async () => nowhere.getRange("k", 0, 1),
      async () => collect(nowhere.list("k")),
    ];
    for (const ask of questions) {
      const asked = ask();
      await expect(asked).rejects.toBeInstanceOf(DatastoreError);
      await expect(asked).rejects.toMatchObject({
        code: "datastore-error",
        message: expect.stringMatching(says),
      });
    }
  });

  it("are read on only in the same version", async () => {
    const { store } = objects;
    const opened = await store.stream("scale");
    await bytesOf(opened);
    const rest = await store.stream("scale", { from: 990, etag: opened?.etag });
    expect(await bytesOf(rest)).toHaveLength(10);
    await expect(store.stream("scale", { from: 990, etag: '"another"' })).rejects.toMatchObject({
      code: "datastore-error",
      message: expect.stringContaining("changed while it was read"),
    });
  });
}

async function text(store: ObjectStore, key: string): Promise<string | undefined> {
  const bytes = await store.get(key);
  return bytes && Buffer.from(bytes).toString();
}

async function listed(store: ObjectStore, prefix: string): Promise<string[]> {
  return (await collect(store.list(prefix))).map(({ key, kind }) => `${kind} ${key}`).sort();
}
