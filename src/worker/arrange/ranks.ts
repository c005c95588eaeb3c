import { sortInSlices } from "../../base/slices.ts";
import type { Slices } from "../../base/slices.ts";
import type { TableColumn } from "../../pickle/index.ts";
import { compareKeys, sortByUnits } from "./compare.ts";
import type { Key } from "./compare.ts";

/** Different values that are kept at most, and the characters of them: they live on the thread's heap. */
const MOST_VALUES = 1 << 22;
const MOST_CHARACTERS = 1 << 28;
/** Rows between two looks at the clock. */
const AT_ONCE = 64;
/** The same where a row takes no more than a few nanoseconds. */
const BLOCK = 1 << 15;

/** A column has more different values than are kept at once. */
export class TooManyValues extends Error {
  readonly code = "too-large";

  constructor() {
    super("the column has more different values than can be sorted at once");
    this.name = "TooManyValues";
  }
}

/** For each row the rank of its value among all, from 1 on; 0 where it is missing. */
export async function ranksOf(column: TableColumn, rowCount: number, slices: Slices): Promise<Uint32Array> {
  const codes = new Uint32Array(rowCount);
  const known = new Map<Key, number>();
  const values: Key[] = [];
  let characters = 0;
  for (let row = 0; row < rowCount; row++) {
    if (row % AT_ONCE === 0 && slices.areDue) await slices.pause();
    const key = column.key(row);
    if (key === undefined) continue;
    let code = known.get(key);
    if (code === undefined) {
      values.push(key);
      code = values.length;
      known.set(key, code);
      if (typeof key === "string") characters += key.length;
      if (code > MOST_VALUES || characters > MOST_CHARACTERS) throw new TooManyValues();
    }
    codes[row] = code;
  }
  const compare = (await sortByUnits(values, slices))
    ? (one: Key, other: Key) => (one < other ? -1 : one > other ? 1 : 0)
    : compareKeys;
  const order: number[] = [];
  for (let place = 0; place < values.length; place++) {
    if (place % BLOCK === 0 && slices.areDue) await slices.pause();
    order.push(place);
  }
  const places = await sortInSlices(
    order,
    (one, other) => compare(values[one] ?? 0, values[other] ?? 0),
    slices,
  );
  const ranks = new Uint32Array(values.length + 1);
  let [rank, last] = [0, undefined as Key | undefined];
  for (const [at, place] of places.entries()) {
    if (at % AT_ONCE === 0 && slices.areDue) await slices.pause();
    const value = values[place] ?? 0;
    // An int and a float may be equal.
    if (last === undefined || compareKeys(last, value) !== 0) rank++;
    last = value;
    ranks[place + 1] = rank;
  }
  for (let row = 0; row < rowCount; row++) {
    if (row % BLOCK === 0 && slices.areDue) await slices.pause();
    codes[row] = ranks[codes[row] ?? 0] ?? 0;
  }
  return codes;
}
