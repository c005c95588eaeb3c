import { columnPages, COLUMNS_PAGE as PAGE } from "../../protocol/table.ts";
import type { ColumnFacts, FirstCells } from "../../protocol/table.ts";

/** Reads what the columns `from` to `to` are like. */
export type ReadColumns = (from: number, to: number, signal: AbortSignal) => Promise<readonly ColumnFacts[]>;

/** What the columns are like, asked for in pages when one is on the screen. */
export class ColumnFactsPages {
  readonly #read: ReadColumns;
  readonly #onChange: () => void;
  readonly #pages = new Map<number, readonly ColumnFacts[] | "asked">();
  #abort = new AbortController();

  constructor(read: ReadColumns, onChange: () => void) {
    this.#read = read;
    this.#onChange = onChange;
  }

  get(column: number): ColumnFacts | undefined {
    const page = this.#pages.get(Math.floor(column / PAGE));
    return typeof page === "object" ? page[column % PAGE] : undefined;
  }

  /** Takes what came with the table. */
  keep({ window, columns }: FirstCells): void {
    const { from, to } = columnPages(window.columns);
    for (let at = from; at < to; at += PAGE)
      this.#pages.set(at / PAGE, columns.slice(at - from, at - from + PAGE));
  }

  /** Asks for what is not known of the columns `from` to `to`. */
  want(from: number, to: number): void {
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) {
      if (this.#pages.has(page)) continue;
      this.#pages.set(page, "asked");
      void this.#ask(page, this.#abort.signal);
    }
  }

  /** Forgets all. */
  clear(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#pages.clear();
  }

  async #ask(page: number, signal: AbortSignal): Promise<void> {
    try {
      const facts = await this.#read(page * PAGE, (page + 1) * PAGE, signal);
      if (signal.aborted) return;
      this.#pages.set(page, facts);
    } catch {
      // The cells beside it tell what hinders; asked again when they are.
      if (signal.aborted) return;
      this.#pages.delete(page);
      return;
    }
    this.#onChange();
  }
}
