/** A process of its own that uses a folder of cached objects as a session does, beside others: it reads and checks each byte, or it evicts. */
import { randomInt } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { collect } from "../../src/base/async.ts";
import { MetaflowConfig } from "../../src/client/config.ts";
import { DiskCache } from "../../src/client/datastore/diskCache.ts";
import { openStore } from "../../src/client/datastore/open.ts";
import type { ObjectStore } from "../../src/client/datastore/store.ts";
import { patterned } from "./patterned.ts";

/** What such a process is told to do. */
export interface Order {
  readonly role: "read" | "evict";
  /** Where the store is, and the datastore's root in it. */
  readonly host: string;
  readonly root: string;
  readonly folder: string;
  readonly maxBytes: number;
  readonly objects: readonly { readonly key: string; readonly length: number }[];
  readonly reads: number;
}

/** What it saw. */
export interface Report {
  readonly reads: number;
  /** What was not as the store has it. */
  readonly wrong: readonly string[];
}

async function read({ host, root, folder, maxBytes, objects, reads }: Order): Promise<Report> {
  const config = await MetaflowConfig.load({ cwd: folder, env: { STORAGE_EMULATOR_HOST: host } });
  const store = await openStore("gs", root, { config, disk: new DiskCache(folder, maxBytes) });
  const wrong: string[] = [];
  const contents = new Map(objects.map(({ key, length }) => [key, patterned(key, length)]));
  for (let time = 0; time < reads; time++) {
    // Each one whole first; then some are wanted more often than others, as ever.
    const isFirst = time < objects.length;
    const at = isFirst ? time : Math.min(randomInt(objects.length), randomInt(objects.length));
    const { key = "", length = 0 } = objects[at] ?? {};
    const [from, to] = WAYS[isFirst ? 0 : time % WAYS.length]?.(randomInt(length)) ?? [];
    const found = await readOne(store, key, from, to);
    if (found === undefined || contents.get(key)?.subarray(from, to).equals(found) !== true)
      wrong.push(`${key} from ${from ?? 0} to ${to ?? "its end"}: ${found?.length ?? "missing"}`);
  }
  store.close?.();
  return { reads, wrong };
}

/** Whole, in part, and from somewhere on. */
const WAYS: readonly ((at: number) => readonly [from?: number, to?: number])[] = [
  () => [],
  (at) => [at, at + 1000],
  (at) => [at],
];

async function readOne(
  store: ObjectStore,
  key: string,
  from?: number,
  to?: number,
): Promise<Uint8Array | undefined> {
  if (from === undefined) return store.get(key);
  if (to !== undefined) return store.getRange(key, from, to);
  const opened = await store.stream(key, { from });
  return opened && Buffer.concat(await collect(opened.bytes));
}

/** Takes away single files, and fills a small cache in the same folder, so that it is swept. Never ends by itself. */
async function evict({ folder, maxBytes }: Order): Promise<never> {
  const small = new DiskCache(folder, maxBytes / 2);
  for (let time = 0; ; time++) {
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    const taken = files[randomInt(files.length + 1)];
    if (taken !== undefined) await rm(join(taken.parentPath, taken.name), { force: true });
    const file = await small.create(`other ${time % 7}`);
    await file?.write(patterned("other", maxBytes / 32));
    await file?.keep();
    await file?.discard();
  }
}

process.once("message", (order: Order) => {
  if (order.role === "evict") void evict(order);
  else void read(order).then(report);
});

function report(seen: Report): void {
  process.send?.(seen, () => {
    process.disconnect();
  });
}
