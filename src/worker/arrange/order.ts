import type { Slices } from "../../base/slices.ts";
import { BLOCK_ROWS } from "./keys.ts";
import type { Keys } from "./keys.ts";
import { keyedRoom, numbersThere, Radix } from "./radix.ts";
import type { Keyed } from "./radix.ts";

/** Parts that rows are put into before each is sorted by itself: small ones fit into the processor's cache. */
const MOST_BUCKETS = 1 << 16;

/** Rows in a row of an order: `from` to `to`, whose keys are equal so far. */
type Runs = readonly number[];

/**
 * Sorts rows, stable, the first of the keys counting most, what is missing last.
 * @param rows ascending
 * @param keysAt the keys by their place, made when they are needed
 */
export async function sortRows(
  rows: Uint32Array,
  keysAt: (place: number) => Promise<Keys>,
  keyCount: number,
  slices: Slices,
): Promise<Uint32Array> {
  if (keyCount === 0) return rows;
  const first = await byFirst(rows, await keysAt(0), slices, keyCount > 1);
  let { runs } = first;
  for (let place = 1; place < keyCount && runs.length > 0; place++) {
    const rowCount = (rows.at(-1) ?? -1) + 1;
    runs = await byNext(first.order, runs, await keysAt(place), rowCount, slices, place + 1 < keyCount);
  }
  return first.order;
}

/** Goes through the keys of ascending rows; `take` gets a block of them and which of its places are asked for. */
async function eachBlock(
  rows: Uint32Array,
  keys: Keys,
  slices: Slices,
  take: (block: Keyed, missing: Uint8Array, count: number) => void,
): Promise<void> {
  const block = keyedRoom(BLOCK_ROWS);
  const missing = new Uint8Array(BLOCK_ROWS);
  const { high, low } = block;
  let at = 0;
  while (at < rows.length) {
    const from = rows[at] ?? 0;
    let end = Math.min(rows.length, at + BLOCK_ROWS);
    if ((rows[end - 1] ?? 0) - from >= BLOCK_ROWS) {
      end = at + 1;
      while ((rows[end] ?? 0) - from < BLOCK_ROWS) end++;
    }
    keys.read(from, (rows[end - 1] ?? 0) + 1, high, low, missing);
    const count = end - at;
    for (let index = 0; index < count; index++) {
      const row = rows[at + index] ?? 0;
      const place = row - from;
      block.rows[index] = row;
      if (place === index) continue;
      // Never behind what is still to be read: places are ascending.
      high[index] = high[place] ?? 0;
      low[index] = low[place] ?? 0;
      missing[index] = missing[place] ?? 0;
    }
    take(block, missing, count);
    at = end;
    if (slices.areDue) await slices.pause();
  }
}

async function byFirst(
  rows: Uint32Array,
  keys: Keys,
  slices: Slices,
  wantsRuns: boolean,
): Promise<{ readonly order: Uint32Array; readonly runs: Runs }> {
  let [least, most, present] = [Infinity, -Infinity, 0];
  await eachBlock(rows, keys, slices, ({ high, low }, missing, count) => {
    for (let at = 0; at < count; at++) {
      if (missing[at] === 1) continue;
      const key = (high[at] ?? 0) * 2 ** 32 + (low[at] ?? 0);
      if (key < least) least = key;
      if (key > most) most = key;
      present++;
    }
  });
  const buckets = Math.max(1, Math.min(MOST_BUCKETS, present >>> 3));
  // Rounded as it is, a larger key never comes into an earlier bucket, and equal ones into the same.
  const scale = most > least ? (buckets - 1) / (most - least) : 0;
  const sizes = new Uint32Array(buckets + 1);
  await eachBlock(rows, keys, slices, ({ high, low }, missing, count) => {
    for (let at = 0; at < count; at++) {
      if (missing[at] === 1) continue;
      const bucket = (((high[at] ?? 0) * 2 ** 32 + (low[at] ?? 0) - least) * scale) >>> 0;
      sizes[bucket] = (sizes[bucket] ?? 0) + 1;
    }
  });
  const starts = new Uint32Array(buckets + 1);
  for (let bucket = 0, sum = 0; bucket <= buckets; bucket++) {
    starts[bucket] = sum;
    sum += sizes[bucket] ?? 0;
  }
  const next = starts.slice();
  const sorted = {
    high: await numbersThere(present, slices),
    low: await numbersThere(present, slices),
    rows: await numbersThere(rows.length, slices),
  };
  let missed = present;
  await eachBlock(rows, keys, slices, ({ high, low, rows: own }, missing, count) => {
    for (let at = 0; at < count; at++) {
      if (missing[at] === 1) {
        sorted.rows[missed++] = own[at] ?? 0;
        continue;
      }
      const [top, bottom] = [high[at] ?? 0, low[at] ?? 0];
      const bucket = ((top * 2 ** 32 + bottom - least) * scale) >>> 0;
      const place = next[bucket] ?? 0;
      next[bucket] = place + 1;
      sorted.high[place] = top;
      sorted.low[place] = bottom;
      sorted.rows[place] = own[at] ?? 0;
    }
  });
  const radix = new Radix(slices);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const [from, to] = [starts[bucket] ?? 0, starts[bucket + 1] ?? 0];
    if (to - from > 1) await radix.sort(sorted, from, to);
  }
  const runs: number[] = [];
  if (wantsRuns) {
    await equalRuns(sorted, 0, present, runs, slices);
    if (rows.length - present > 1) runs.push(present, rows.length);
  }
  return { order: sorted.rows, runs };
}

/** Adds the runs of more than one row whose keys are equal. */
async function equalRuns(
  { high, low }: Keyed,
  from: number,
  to: number,
  runs: number[],
  slices: Slices,
  offset = 0,
): Promise<void> {
  let begin = from;
  for (let at = from + 1; at <= to; at++) {
    if (at % BLOCK_ROWS === 0 && slices.areDue) await slices.pause();
    if (at < to && high[at] === high[begin] && low[at] === low[begin]) continue;
    if (at - begin > 1) runs.push(offset + begin, offset + at);
    begin = at;
  }
}

/** Sorts within runs by the next key; gives the runs that are still equal. */
async function byNext(
  order: Uint32Array,
  runs: Runs,
  keys: Keys,
  rowCount: number,
  slices: Slices,
  wantsRuns: boolean,
): Promise<Runs> {
  const all = await materialised(keys, rowCount, slices);
  const radix = new Radix(slices);
  const left: number[] = [];
  let room = keyedRoom(0);
  for (let run = 0; run < runs.length; run += 2) {
    const [from, to] = [runs[run] ?? 0, runs[run + 1] ?? 0];
    if (room.rows.length < to - from) room = keyedRoom(to - from);
    let [count, missed] = [0, 0];
    for (let at = from; at < to; at++) {
      if ((at - from + 1) % BLOCK_ROWS === 0 && slices.areDue) await slices.pause();
      const row = order[at] ?? 0;
      if (all.missing[row] === 1) {
        order[from + missed++] = row; // Never behind what is still to be read.
        continue;
      }
      room.high[count] = all.high[row] ?? 0;
      room.low[count] = all.low[row] ?? 0;
      room.rows[count++] = row;
    }
    await radix.sort(room, 0, count);
    order.copyWithin(from + count, from, from + missed);
    order.set(room.rows.subarray(0, count), from);
    if (!wantsRuns) continue;
    await equalRuns(room, 0, count, left, slices, from);
    if (missed > 1) left.push(from + count, to);
  }
  return left;
}

async function materialised(
  keys: Keys,
  rowCount: number,
  slices: Slices,
): Promise<Pick<Keyed, "high" | "low"> & { readonly missing: Uint8Array }> {
  const high = new Uint32Array(rowCount);
  const low = new Uint32Array(rowCount);
  const missing = new Uint8Array(rowCount);
  for (let from = 0; from < rowCount; from += BLOCK_ROWS) {
    const to = Math.min(rowCount, from + BLOCK_ROWS);
    keys.read(from, to, high.subarray(from, to), low.subarray(from, to), missing.subarray(from, to));
    if (slices.areDue) await slices.pause();
  }
  return { high, low, missing };
}
