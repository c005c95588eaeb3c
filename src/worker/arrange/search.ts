import { Slices } from "../../base/slices.ts";
import type { IoOptions } from "../../base/io.ts";
import type { Table } from "../../pickle/index.ts";
import type { FindAnswer, FindParams } from "../../protocol/arrange.ts";
import type { Arrangement } from "./arrangement.ts";
import { columnWith, Needle } from "./containing.ts";
import { BLOCK_ROWS } from "./keys.ts";
import type { Matcher } from "./matcher.ts";

/** Hits whose places are kept; more are only counted. */
const MOST_KEPT = 1 << 18;
/** Cells that are looked at before hits are told, so that a table of many columns has shorter blocks. */
const BLOCK_CELLS = 1 << 17;

/** Looks for a text in the cells of a table, on demand a little further. */
export class Search {
  readonly #table: Table;
  /** The order in which hits are told, where it is not the table's own. */
  readonly #arrangement: Arrangement | undefined;
  readonly #needle: Needle;
  #columns: readonly { readonly at: number; readonly matcher: Matcher }[] | undefined;
  #row = 0;
  #total = 0;
  /** Places in the table, `row * columns + column`, in the order in which they were found. */
  #kept: number[] = [];
  /** The same in the order that is shown, until more are found. */
  #shown: Float64Array | undefined;

  constructor(table: Table, arrangement: Arrangement | undefined, text: string, matchCase: boolean) {
    this.#table = table;
    this.#arrangement = arrangement?.isPlain === true ? undefined : arrangement;
    this.#needle = new Needle(text, matchCase);
  }

  get complete(): boolean {
    return this.#row >= this.#table.rowCount;
  }

  /** Looks on for so many milliseconds. */
  async advance(durationMs: number, io: IoOptions): Promise<void> {
    const until = performance.now() + durationMs;
    const slices = new Slices(io);
    const places = await this.#arrangement?.places();
    this.#columns ??= await this.#searchable(slices);
    const { rowCount, columnCount } = this.#table;
    const rows = Math.max(
      16,
      Math.min(BLOCK_ROWS, Math.floor(BLOCK_CELLS / Math.max(1, this.#columns.length))),
    );
    const wanted = new Uint8Array(Math.ceil(rows / 4) * 4);
    while (!this.complete && performance.now() < until) {
      const from = this.#row;
      const to = Math.min(rowCount, from + rows);
      const found = new Places(this.#kept.length < MOST_KEPT);
      for (const { at: column, matcher } of this.#columns) {
        wanted.fill(1, 0, to - from);
        if (places !== undefined) hideOthers(places, from, to, wanted);
        await matcher.narrow(from, to, wanted, slices);
        found.add(wanted, to - from, from * columnCount + column, columnCount);
      }
      // All of a block at once: what was given up within one is looked at again.
      this.#keep(found);
      this.#row = to;
      if (slices.areDue) await slices.pause();
    }
  }

  /** What is found so far, from a place on, or before it. */
  async answer({
    from,
    backwards,
    limit,
  }: Pick<FindParams, "from" | "backwards" | "limit">): Promise<FindAnswer> {
    const { columnCount } = this.#table;
    const shown = (this.#shown ??= await this.#inOrder());
    const next = lowerBound(shown, from.row * columnCount + from.column);
    const first = backwards ? Math.max(0, next - limit) : next;
    const hits = Array.from(shown.subarray(first, backwards ? next : first + limit), (place) => ({
      row: Math.floor(place / columnCount),
      column: place % columnCount,
    }));
    return { hits, before: first, total: this.#total, complete: this.complete };
  }

  async #searchable(slices: Slices): Promise<{ at: number; matcher: Matcher }[]> {
    const columns: { at: number; matcher: Matcher }[] = [];
    for (let at = 0; at < this.#table.columnCount; at++) {
      if (slices.areDue) await slices.pause();
      const column = this.#table.column(at);
      if (this.#needle.mayBeIn(column)) columns.push({ at, matcher: columnWith(column, this.#needle) });
    }
    if (columns.length === 0) this.#row = this.#table.rowCount;
    return columns;
  }

  #keep({ count, places }: Places): void {
    this.#total += count;
    if (places.length === 0) return;
    places.sort((a, b) => a - b);
    for (const place of places.slice(0, MOST_KEPT - this.#kept.length)) this.#kept.push(place);
    this.#shown = undefined;
  }

  async #inOrder(): Promise<Float64Array> {
    const places = await this.#arrangement?.places();
    if (places === undefined) return Float64Array.from(this.#kept);
    const { columnCount } = this.#table;
    const shown = Float64Array.from(this.#kept, (place) => {
      const row = (places[Math.floor(place / columnCount)] ?? 1) - 1;
      return row * columnCount + (place % columnCount);
    });
    return shown.sort();
  }
}

/** The hits of a block. */
class Places {
  count = 0;
  readonly places: number[] = [];
  readonly #areKept: boolean;

  constructor(areKept: boolean) {
    this.#areKept = areKept;
  }

  /** Takes in the hits of a column. @param wanted whole words of four @param first its first place @param step how far its next one is away */
  add(wanted: Uint8Array, rows: number, first: number, step: number): void {
    const words = new Int32Array(wanted.buffer, wanted.byteOffset, wanted.length >> 2);
    // Most words hold no hit.
    for (let word = 0; word * 4 < rows; word++) {
      if (words[word] === 0) continue;
      const end = Math.min(rows, word * 4 + 4);
      for (let at = word * 4; at < end; at++) {
        if (wanted[at] === 0) continue;
        this.count++;
        if (this.#areKept) this.places.push(first + at * step);
      }
    }
  }
}

/** Sets to 0 the rows that have no place. */
function hideOthers(places: Uint32Array, from: number, to: number, wanted: Uint8Array): void {
  for (let at = 0; at < to - from; at++) if (places[from + at] === 0) wanted[at] = 0;
}

/** The position of the first that is not below a value. */
function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
