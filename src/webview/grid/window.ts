import { MOST_CELLS } from "../../protocol/table.ts";
import type { CellBlock, CellRow, CellWindow, FirstCells, Range, TableCell } from "../../protocol/table.ts";
import { MARGIN_COLUMNS } from "./sizes.ts";

/** Reads the cells of a window. */
export type ReadCells = (window: CellWindow, signal: AbortSignal) => Promise<CellBlock>;

interface Kept extends CellWindow {
  readonly cells: readonly CellRow[];
}

/** Cells that are kept: those on the screen, in several windows where columns are hidden between them, and around it. */
const MOST_KEPT = 10 * MOST_CELLS;

/** Columns that can be read at once with so many rows and with some around them. */
export function columnsAtOnce(rows: number): number {
  return Math.max(1, Math.floor(MOST_CELLS / 2 / Math.max(1, rows)));
}

/**
 * The cells around what is on the screen. One window is asked for at a time, the latest wins: a window that is not wanted any more is cancelled, and its answer is never
 * shown over a newer one.
 */
export class CellWindows {
  readonly #read: ReadCells;
  readonly #onChange: () => void;
  #kept: readonly Kept[] = [];
  #asking: { readonly window: CellWindow; readonly abort: AbortController } | undefined;
  /** What could not be read, or not all of it; it is not asked for again and again. */
  #failed: CellWindow | undefined;
  /** Counts what the cells are of: an order, a slice. */
  #generation = 0;

  /** @param onChange called when cells arrived, or could not be read */
  constructor(read: ReadCells, onChange: () => void) {
    this.#read = read;
    this.#onChange = onChange;
  }

  /** Why the last window could not be read. */
  problem: unknown;

  /** Forgets all: other rows, or other columns, are shown from now on. */
  clear(): void {
    this.#generation++;
    this.#asking?.abort.abort();
    this.#asking = undefined;
    this.#kept = [];
    this.problem = undefined;
    this.#failed = undefined;
  }

  /** The row at a position as far as it is here, and the first column of its cells. */
  row(position: number, column: number): { readonly row: CellRow; readonly from: number } | undefined {
    for (const { rows, columns, cells } of this.#kept) {
      if (!holds(rows, position) || !holds(columns, column)) continue;
      const row = cells[position - rows.from];
      if (row !== undefined) return { row, from: columns.from };
    }
    return undefined;
  }

  /** A cell, where it is here. */
  cell(position: number, column: number): TableCell | undefined {
    const found = this.row(position, column);
    return found?.row.cells[column - found.from];
  }

  /** Asks for the cells that are on the screen, with as many rows again above and below, unless they are under way. Whether they are here. */
  want(
    seen: CellWindow,
    { rowCount, columnCount }: { readonly rowCount: number; readonly columnCount: number },
  ): boolean {
    if (this.#kept.some((kept) => covers(kept, seen))) return true;
    if (this.#failed !== undefined && covers(this.#failed, seen)) return false;
    if (this.#asking !== undefined) {
      if (covers(this.#asking.window, seen)) return false;
      this.#asking.abort.abort();
    }
    const columns = widened(seen.columns, Math.min(MARGIN_COLUMNS, sizeOf(seen.columns)), columnCount);
    const room = Math.floor((MOST_CELLS / sizeOf(columns) - sizeOf(seen.rows)) / 2);
    const around = Math.max(0, Math.min(sizeOf(seen.rows), room));
    const window = { rows: widened(seen.rows, around, rowCount), columns };
    const abort = new AbortController();
    this.#asking = { window, abort };
    void this.#ask(seen, window, abort);
    return false;
  }

  async #ask(seen: CellWindow, window: CellWindow, abort: AbortController): Promise<void> {
    const generation = this.#generation;
    const isCurrent = (): boolean => generation === this.#generation && this.#asking?.abort === abort;
    try {
      const cells = await this.#read(window, abort.signal);
      if (generation !== this.#generation) return;
      const kept = this.#keep(window, cells);
      this.problem = undefined;
      this.#failed = covers(kept, seen) ? undefined : window;
    } catch (thrown) {
      if (!isCurrent()) return;
      this.problem = thrown;
      this.#failed = window;
    }
    if (isCurrent()) this.#asking = undefined;
    this.#onChange();
  }

  /** Takes what came with the table. */
  keep({ window, cells }: FirstCells): void {
    this.#keep(window, cells);
  }

  /** Keeps a window, and of those before it the newest. */
  #keep({ rows, columns }: CellWindow, { rows: cells }: CellBlock): Kept {
    // An answer may be shorter than what was asked for.
    const width = Math.min(cells[0]?.cells.length ?? 0, sizeOf(columns));
    const kept = {
      rows: { from: rows.from, to: rows.from + cells.length },
      columns: { from: columns.from, to: columns.from + width },
      cells,
    };
    let room = MOST_KEPT;
    this.#kept = [kept, ...this.#kept].filter(
      (each, index) => (room -= sizeOf(each.rows) * sizeOf(each.columns)) >= 0 || index === 0,
    );
    return kept;
  }
}

function sizeOf({ from, to }: Range): number {
  return to - from;
}

function holds({ from, to }: Range, position: number): boolean {
  return position >= from && position < to;
}

function covers(window: CellWindow, seen: CellWindow): boolean {
  return (
    window.rows.from <= seen.rows.from &&
    window.rows.to >= seen.rows.to &&
    window.columns.from <= seen.columns.from &&
    window.columns.to >= seen.columns.to
  );
}

function widened({ from, to }: Range, around: number, count: number): Range {
  return { from: Math.max(0, from - around), to: Math.min(count, to + around) };
}
