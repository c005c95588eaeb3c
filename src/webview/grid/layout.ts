import type { CellWindow, Range } from "../../protocol/table.ts";
import { ColumnWidths } from "./columns.ts";
import { Scale } from "./scale.ts";
import type { CellPlace } from "./selection.ts";
import { COLUMN_WIDTH, ROW_HEIGHT } from "./sizes.ts";
import { columnsAtOnce } from "./window.ts";

const LABEL_HEIGHT = 20;
const DTYPE_HEIGHT = 16;
const SLOT_HEIGHT = 18;
/** Pixels of a column at least. */
const MIN_WIDTH = 40;

/** What the grid shows: how many rows and columns, and how they are labelled. */
export interface GridTable {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly rowLevels: readonly string[];
  readonly columnLevels: readonly string[];
}

/** Where a column is drawn, in pixels from the left of the grid. */
export interface ColumnPlace {
  readonly column: number;
  readonly left: number;
  readonly width: number;
  readonly pinned: boolean;
}

/** Where everything of a grid lies: sizes, and how far it is scrolled, in exact pixels. Knows no element. */
export class GridLayout {
  table: GridTable;
  /** Of the grid's element, without its bars. */
  size: { readonly width: number; readonly height: number } = { width: 0, height: 0 };
  top = 0;
  left = 0;
  labelWidth = 60;
  readonly #hasSlots: boolean;
  /** Columns whose width was chosen, or found out. */
  readonly #own = new Map<number, number>();
  #hidden: ReadonlySet<number> = new Set();
  #pinned: readonly number[] = [];
  #widths: ColumnWidths;

  /** @param hasSlots whether something is drawn under each header */
  constructor(table: GridTable, hasSlots: boolean) {
    this.table = table;
    this.#hasSlots = hasSlots;
    this.#widths = new ColumnWidths(table.columnCount);
  }

  get pinned(): readonly number[] {
    return this.#pinned;
  }

  get headerHeight(): number {
    const slot = this.#hasSlots ? SLOT_HEIGHT : 0;
    return this.table.columnLevels.length * LABEL_HEIGHT + DTYPE_HEIGHT + slot + 4;
  }

  get rows(): Scale {
    return new Scale(this.table.rowCount * ROW_HEIGHT, Math.max(0, this.size.height - this.headerHeight));
  }

  get columns(): Scale {
    return new Scale(this.#widths.total, Math.max(0, this.size.width - this.#fixedWidth));
  }

  /** Pixels of what makes the bars. */
  get space(): { readonly width: number; readonly height: number } {
    return {
      width: Math.max(this.size.width, this.columns.spacer + this.#fixedWidth),
      height: Math.max(this.size.height, this.rows.spacer + this.headerHeight),
    };
  }

  get #fixedWidth(): number {
    return this.#pinned.reduce((sum, column) => sum + this.widthOf(column), this.labelWidth);
  }

  /** Another table, or other columns of it. */
  show(table: GridTable): void {
    if (table.columnCount !== this.table.columnCount) this.#own.clear();
    this.table = table;
    this.#layOut();
  }

  /** Columns that are not shown, and those that stay at the left. */
  arrange(hidden: ReadonlySet<number>, pinned: readonly number[]): void {
    this.#hidden = hidden;
    this.#pinned = pinned;
    this.#layOut();
  }

  hasWidth(column: number): boolean {
    return this.#own.has(column);
  }

  /** Also of a pinned column, which has none among the others. */
  widthOf(column: number): number {
    return this.#own.get(column) ?? COLUMN_WIDTH;
  }

  /** Gives columns a width; what is at the left of the screen stays there. `undefined`: as if it had none. */
  resize(widths: ReadonlyMap<number, number | undefined>): void {
    const first = this.#widths.at(this.left);
    const distance = this.left - this.#widths.startOf(first);
    for (const [column, width] of widths) {
      if (width === undefined) this.#own.delete(column);
      else this.#own.set(column, Math.round(Math.max(MIN_WIDTH, width)));
    }
    this.#layOut();
    this.left = this.#widths.startOf(first) + distance;
  }

  /** Scrolls to where something is, as far as there is something. */
  scrollTo(top: number, left: number): void {
    this.top = this.rows.within(top);
    this.left = this.columns.within(left);
  }

  /** The column at the left that is not pinned. */
  get firstColumn(): number {
    return this.#widths.at(this.left);
  }

  /** The pixel where a column starts. */
  startOf(column: number): number {
    return this.#widths.startOf(column);
  }

  /** Scrolls as little as brings a cell on the screen. */
  reveal({ row, column }: CellPlace): void {
    const { rows, columns } = this;
    let { top, left } = this;
    const rowTop = row * ROW_HEIGHT;
    if (row >= 0) {
      if (rowTop < top) top = rowTop;
      else if (rowTop + ROW_HEIGHT > top + rows.seen) top = rowTop + ROW_HEIGHT - rows.seen;
    }
    if (!this.#pinned.includes(column)) {
      const [start, end] = [this.#widths.startOf(column), this.#widths.startOf(column + 1)];
      if (start < left) left = start;
      else if (end > left + columns.seen) left = Math.min(start, end - columns.seen);
    }
    this.scrollTo(top, left);
  }

  /** Positions on the screen. */
  seen(): CellWindow {
    const { rowCount, columnCount } = this.table;
    const within = (row: number): number => Math.max(0, Math.min(rowCount, row));
    const some = columnCount > 0;
    return {
      rows: {
        from: within(Math.floor(this.top / ROW_HEIGHT)),
        to: within(Math.ceil((this.top + this.rows.seen) / ROW_HEIGHT)),
      },
      columns: {
        from: some ? this.#widths.at(this.left) : 0,
        to: some ? Math.min(columnCount, this.#widths.at(this.left + this.columns.seen) + 1) : 0,
      },
    };
  }

  /** Where the columns on the screen are drawn: the pinned ones first. */
  places(): ColumnPlace[] {
    const { columns } = this.seen();
    const places: ColumnPlace[] = [];
    let left = this.labelWidth;
    for (const column of this.#pinned) {
      const width = this.widthOf(column);
      places.push({ column, left, width, pinned: true });
      left += width;
    }
    for (let column = columns.from; column < columns.to; column++) {
      const width = this.#widths.widthOf(column);
      if (width === 0) continue;
      places.push({ column, left: left + this.#widths.startOf(column) - this.left, width, pinned: false });
    }
    return places;
  }

  /** The columns on the screen as windows of neighbours that can be read at once, without those that are hidden between them. */
  windows(): CellWindow[] {
    const { rows } = this.seen();
    const most = columnsAtOnce(rows.to - rows.from);
    const windows: { rows: Range; columns: { from: number; to: number } }[] = [];
    for (const { column } of this.places().sort((one, other) => one.column - other.column)) {
      const last = windows.at(-1)?.columns;
      if (last?.to === column && column - last.from < most) last.to++;
      else windows.push({ rows, columns: { from: column, to: column + 1 } });
    }
    return windows;
  }

  /** The cell at a point of the grid's element; a row of -1 is the header. */
  placeAt(x: number, y: number): CellPlace | undefined {
    const column = this.columnAt(x);
    if (column === undefined || x >= this.size.width || y >= this.size.height) return undefined;
    if (y < this.headerHeight) return { row: -1, column };
    const row = Math.floor((this.top + y - this.headerHeight) / ROW_HEIGHT);
    return row < this.table.rowCount ? { row, column } : undefined;
  }

  columnAt(x: number): number | undefined {
    let start = this.labelWidth;
    if (x < start) return undefined;
    for (const column of this.#pinned) {
      start += this.widthOf(column);
      if (x < start) return column;
    }
    const pixel = this.left + x - start;
    return pixel < this.#widths.total ? this.#widths.at(pixel) : undefined;
  }

  /** The next column to a side: pinned ones come first, in their order. */
  beside(column: number, step: 1 | -1): number {
    const at = this.#pinned.indexOf(column);
    if (at >= 0) {
      const next = this.#pinned[at + step];
      if (next !== undefined) return next;
      return step < 0 ? column : this.#widths.beside(-1, 1);
    }
    const next = this.#widths.beside(column, step);
    return next === column && step < 0 ? (this.#pinned.at(-1) ?? column) : next;
  }

  /** The nearest cell that there is, and that is not hidden. */
  within({ row, column }: CellPlace): CellPlace {
    const { rowCount, columnCount } = this.table;
    return {
      row: Math.max(-1, Math.min(row, rowCount - 1)),
      column: this.#nearest(Math.max(0, Math.min(column, columnCount - 1))),
    };
  }

  #nearest(column: number): number {
    const isShown = (at: number): boolean => at >= 0 && at < this.table.columnCount && !this.#hidden.has(at);
    for (let distance = 0; distance < this.table.columnCount; distance++) {
      if (isShown(column + distance)) return column + distance;
      if (isShown(column - distance)) return column - distance;
    }
    return column;
  }

  #layOut(): void {
    const widths = new Map(this.#own);
    for (const column of [...this.#hidden, ...this.#pinned]) widths.set(column, 0);
    this.#widths = new ColumnWidths(this.table.columnCount, widths);
  }
}
