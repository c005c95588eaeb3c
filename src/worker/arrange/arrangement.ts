import { Slices } from "../../base/slices.ts";
import type { Table } from "../../pickle/index.ts";
import type { FilterProblem, SortBy } from "../../protocol/arrange.ts";
import type { Rows } from "../rows.ts";
import { columnAt } from "./columns.ts";
import { compile } from "./compile.ts";
import { BLOCK_ROWS, keysOf } from "./keys.ts";
import type { Matcher } from "./matcher.ts";
import { sortRows } from "./order.ts";
import { numbersThere } from "./radix.ts";
import { RowList } from "./rowList.ts";
import { parseFilter } from "./syntax.ts";
import { TopRows } from "./topRows.ts";
import type { SortColumn } from "./topRows.ts";
import { FilterError } from "./tree.ts";

/** Rows that are put in order before all are. */
const FIRST_PAGE = 1000;
/** Rows that are put in order at most: each takes some twenty bytes meanwhile. */
const MOST_ROWS = 1 << 28;

/** A table has more rows than can be put in order. */
export class TooManyRows extends Error {
  readonly code = "too-large";

  constructor() {
    super(`more than ${MOST_ROWS} rows cannot be put in order; their first ${FIRST_PAGE} are`);
    this.name = "TooManyRows";
  }
}

/**
 * The rows of a table that a filter lets through, in an order: found bit by bit, so that the first of them are there early. INVARIANT: what is known of the
 * order stays as it is.
 */
export class Arrangement {
  readonly table: Table;
  readonly #abort = new AbortController();
  readonly #slices = new Slices({ signal: this.#abort.signal });
  readonly #found = new RowList();
  #isFiltered = false;
  /** The first rows of an order that is still made. */
  #first: Uint32Array | undefined;
  #order: Uint32Array | undefined;
  #isSorted = false;
  /** Whether it is ended, well or badly. */
  #settled = false;
  #problem: FilterProblem | undefined;
  #firstKnown: () => void = () => undefined;
  /** Resolves when the first rows are known, or when it ends. */
  readonly begun: Promise<void>;
  /** Resolves when all is known; rejects when it was given up, or cannot be. */
  readonly done: Promise<void>;
  #places: Promise<Uint32Array> | undefined;

  constructor(table: Table, sort: readonly SortBy[], filter: string) {
    this.table = table;
    this.begun = new Promise((resolve) => {
      this.#firstKnown = resolve;
    });
    this.done = this.#make(sort, filter).finally(() => {
      this.#settled = true;
      this.#firstKnown();
    });
    // Whoever waits is told; nobody may.
    this.done.catch(() => undefined);
  }

  /** Rows that are let through; so far, while it is not complete. */
  get rowCount(): number {
    if (this.#problem !== undefined) return 0;
    if (this.#isSorted && this.#order === undefined && this.#first === undefined) return 0;
    return this.#isFiltered ? this.#found.length : this.table.rowCount;
  }

  get complete(): boolean {
    return this.#settled;
  }

  /** What is wrong with the filter. */
  get problem(): FilterProblem | undefined {
    return this.#problem;
  }

  /** Whether its rows are those of the table as they are. */
  get isPlain(): boolean {
    return !this.#isFiltered && !this.#isSorted;
  }

  /** The rows at the positions `from` to `to`, as many as there are. Waits for the order where it has to. */
  async rows(from: number, to: number): Promise<Uint32Array> {
    if (this.#isSorted && this.#order === undefined && (this.#first === undefined || to > this.#first.length))
      await this.done;
    const known = this.#isSorted ? (this.#order ?? this.#first) : this.#found.rows;
    if (!this.isPlain) return known?.slice(from, to) ?? new Uint32Array(0);
    const end = Math.min(to, this.table.rowCount);
    return Uint32Array.from({ length: Math.max(0, end - from) }, (_, at) => from + at);
  }

  /** The whole order, once it is known. */
  async whole(): Promise<Rows> {
    await this.done;
    if (this.isPlain) return { count: this.table.rowCount };
    const order = this.#order ?? this.#found.rows;
    return { count: order.length, rowAt: (at) => order[at] ?? 0 };
  }

  /** For each row of the table its position, counted from 1; 0 for one that is not let through. */
  async places(): Promise<Uint32Array> {
    await this.done;
    this.#places ??= this.#invert();
    return this.#places;
  }

  /** Whether it was given up. */
  get stopped(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Gives up what is under way. */
  stop(): void {
    this.#abort.abort();
  }

  async #invert(): Promise<Uint32Array> {
    const places = await numbersThere(this.table.rowCount, this.#slices);
    const order = this.#order ?? this.#found.rows;
    for (let at = 0; at < order.length; at++) {
      places[order[at] ?? 0] = at + 1;
      if (at % BLOCK_ROWS === 0 && this.#slices.areDue) await this.#slices.pause();
    }
    return places;
  }

  async #make(sort: readonly SortBy[], filter: string): Promise<void> {
    let matcher: Matcher | undefined;
    try {
      const tree = parseFilter(filter);
      const columns = sort.flatMap(({ column: at, descending }): SortColumn[] => {
        const column = columnAt(this.table, at);
        return column === undefined ? [] : [{ column, descending }];
      });
      this.#isFiltered = tree !== undefined;
      this.#isSorted = columns.length > 0;
      if (tree !== undefined) matcher = await compile(this.table, tree);
      if (!this.isPlain) await this.#pass(matcher, columns);
      if (this.#isSorted) await this.#sort(columns);
    } catch (thrown) {
      if (!(thrown instanceof FilterError)) throw thrown;
      this.#problem = thrown.problem;
    }
  }

  /** One look at each row: which are let through, and which come first. */
  async #pass(matcher: Matcher | undefined, columns: readonly SortColumn[]): Promise<void> {
    const { rowCount } = this.table;
    const top = this.#isSorted ? TopRows.by(columns, FIRST_PAGE) : undefined;
    // What is sorted by texts alone needs no look beforehand.
    if (matcher === undefined && top === undefined) return;
    const wanted = new Uint8Array(BLOCK_ROWS).fill(1);
    for (let from = 0; from < rowCount; from += BLOCK_ROWS) {
      const to = Math.min(rowCount, from + BLOCK_ROWS);
      if (matcher !== undefined) {
        wanted.fill(1, 0, to - from);
        await matcher.narrow(from, to, wanted, this.#slices);
        this.#found.addWanted(from, wanted, to - from);
        if (!this.#isSorted && this.#found.length >= FIRST_PAGE) this.#firstKnown();
      }
      top?.take(from, to, wanted);
      if (this.#slices.areDue) await this.#slices.pause();
    }
    if (top === undefined) return;
    this.#first = top.rows();
    this.#firstKnown();
  }

  async #sort(columns: readonly SortColumn[]): Promise<void> {
    if (this.#first !== undefined && this.#first.length === this.rowCount) {
      this.#order = this.#first;
      return;
    }
    const count = this.#isFiltered ? this.#found.length : this.table.rowCount;
    if (count > MOST_ROWS) throw new TooManyRows();
    // Whoever asked for the first page is answered before the long part.
    await this.#slices.pause();
    const rows = this.#isFiltered ? this.#found.rows : await this.#allRows();
    this.#order = await sortRows(
      rows,
      async (place) => {
        const { column, descending } = columns[place] ?? { column: undefined, descending: false };
        if (column === undefined) throw new Error(`there is no key ${place}`);
        return keysOf(column, this.table.rowCount, descending, this.#slices);
      },
      columns.length,
      this.#slices,
    );
  }

  async #allRows(): Promise<Uint32Array> {
    const rows = new Uint32Array(this.table.rowCount);
    for (let row = 0; row < rows.length; row++) {
      rows[row] = row;
      if (row % BLOCK_ROWS === 0 && this.#slices.areDue) await this.#slices.pause();
    }
    return rows;
  }
}
