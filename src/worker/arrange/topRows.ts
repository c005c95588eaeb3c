import type { ReadNumbers, TableColumn } from "../../pickle/index.ts";
import { compareKeys } from "./compare.ts";
import { BLOCK_ROWS } from "./keys.ts";

/** A column that rows are sorted by. */
export interface SortColumn {
  readonly column: TableColumn;
  readonly descending: boolean;
}

interface NumberKey extends SortColumn {
  readonly read: ReadNumbers;
  readonly values: Float64Array;
  /** Whether numbers may be alike that stand for different values. */
  readonly isRough: boolean;
}

interface Candidate {
  readonly row: number;
  readonly values: readonly number[];
}

/** Finds the first rows of an order in one pass, without making the order. */
export class TopRows {
  readonly #keys: readonly NumberKey[];
  readonly #limit: number;
  #candidates: Candidate[] = [];
  /** The last of the first rows so far, once there are enough. */
  #last: Candidate | undefined;

  private constructor(keys: readonly NumberKey[], limit: number) {
    this.#keys = keys;
    this.#limit = limit;
  }

  /** For columns of numbers alone; `undefined` where another one is among them. */
  static by(columns: readonly SortColumn[], limit: number): TopRows | undefined {
    const keys: NumberKey[] = [];
    for (const { column, descending } of columns) {
      const read = column.categories?.codes ?? column.numbers;
      if (read === undefined) return undefined;
      const values = new Float64Array(BLOCK_ROWS);
      keys.push({ column, descending, read, values, isRough: column.integers !== undefined });
    }
    return new TopRows(keys, limit);
  }

  /** Takes the wanted of the rows `from` to `to`, which come in ascending order. */
  take(from: number, to: number, wanted: Uint8Array): void {
    for (const { read, values } of this.#keys) read(from, to, values);
    const [first] = this.#keys;
    if (first === undefined) return;
    const { values, descending } = first;
    const count = to - from;
    let at = 0;
    while (at < count) {
      const limit = this.#last?.values[0];
      // Until there are enough, and where what is missing is among the first, each has to be looked at.
      at =
        limit === undefined || Number.isNaN(limit)
          ? at
          : descending
            ? nextFrom(values, wanted, at, count, limit, Infinity)
            : nextFrom(values, wanted, at, count, -Infinity, limit);
      if (at >= count) break;
      if (wanted[at] === 1) this.#offer(from + at, at);
      at++;
    }
  }

  /** The first rows in their order, at most as many as were asked for. */
  rows(): Uint32Array {
    this.#prune();
    return Uint32Array.from(this.#candidates, ({ row }) => row);
  }

  #offer(row: number, at: number): void {
    const candidate = { row, values: this.#keys.map(({ values }) => values[at] ?? NaN) };
    if (this.#last !== undefined && this.#compare(candidate, this.#last) >= 0) return;
    this.#candidates.push(candidate);
    if (this.#candidates.length >= 2 * this.#limit) this.#prune();
  }

  #prune(): void {
    this.#candidates = this.#candidates.sort((a, b) => this.#compare(a, b)).slice(0, this.#limit);
    if (this.#candidates.length === this.#limit) this.#last = this.#candidates.at(-1);
  }

  #compare(a: Candidate, b: Candidate): number {
    for (const [at, key] of this.#keys.entries()) {
      const order = compareValues(a.values[at] ?? NaN, b.values[at] ?? NaN, key, a.row, b.row);
      if (order !== 0) return order;
    }
    return a.row - b.row;
  }
}

/** The next wanted row with a number from `low` to `high`. */
function nextFrom(
  values: Float64Array,
  wanted: Uint8Array,
  from: number,
  to: number,
  low: number,
  high: number,
): number {
  for (let at = from; at < to; at++) {
    const value = values[at] ?? NaN;
    if (value >= low && value <= high && wanted[at] === 1) return at;
  }
  return to;
}

function compareValues(
  a: number,
  b: number,
  { column, descending, isRough }: NumberKey,
  rowOfA: number,
  rowOfB: number,
): number {
  // What is missing is last in both directions.
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  let order = a - b;
  if (a === b && isRough && !Number.isSafeInteger(a)) {
    const [one, other] = [column.key(rowOfA), column.key(rowOfB)];
    order = one === undefined || other === undefined ? 0 : compareKeys(one, other);
  } else if (a === b) order = 0; // Infinity less infinity is no number.
  return descending ? -order : order;
}
