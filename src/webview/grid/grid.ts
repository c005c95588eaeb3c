import type { FirstCells, TableCell } from "../../protocol/table.ts";
import type { HeatOf } from "./cell.ts";
import { ColumnFactsPages, type ReadColumns } from "./columnFacts.ts";
import { made } from "./elements.ts";
import { fitToContent } from "./fit.ts";
import type { Sort } from "./header.ts";
import { selectionAfter } from "./keys.ts";
import { GridLayout, type GridTable } from "./layout.ts";
import { Painter } from "./painter.ts";
import { letColumnsResize } from "./resize.ts";
import { isRange, isSelected, selectOne, type CellPlace, type Selection } from "./selection.ts";
import { ROW_HEIGHT } from "./sizes.ts";
import { CellWindows, type ReadCells } from "./window.ts";

/** What the grid asks, and tells. */
export interface GridOptions {
  readonly label: string;
  readonly table: GridTable;
  /** What came with the table. */
  readonly first?: FirstCells | undefined;
  readonly readCells: ReadCells;
  readonly readColumns: ReadColumns;
  /** Enter, or a double click, on a cell. */
  readonly onActivate: (place: CellPlace, cell: TableCell | undefined) => void;
  readonly onSelect: (selection: Selection) => void;
  /** Enter, or a double click, on a header; of the rows' labels the first level is the column -1. */
  readonly onSort: (column: number, additive: boolean) => void;
  /** The context menu of a header; below zero that of the rows' labels. */
  readonly onColumnMenu: (column: number, anchor: DOMRect) => void;
  /** The editor's own command to copy. */
  readonly onCopy: () => void;
  /** Something could not be read, or can be again. */
  readonly onProblem: (problem: unknown) => void;
  /** Draws under the header of a column that is on the screen. */
  readonly drawSlot?: ((column: number, slot: HTMLElement) => void) | undefined;
  /** How much colour a cell has, from -1 to 1; `undefined`: none. */
  readonly heatOf: HeatOf;
}

let lastId = 0;

/**
 * Rows and columns, virtual in both directions: only what is on the screen is asked for and drawn. The element has the keyboard and tells which cell it
 * means (ARIA grid). A row of -1 is the header.
 */
export class Grid {
  readonly element = made("grid", "grid");
  readonly #options: GridOptions;
  readonly #layout: GridLayout;
  readonly #space = made("grid-space", "presentation");
  readonly #view = made("grid-view", "presentation");
  readonly #painter = new Painter(this.#view, `grid-${++lastId}`);
  readonly #windows: CellWindows;
  readonly #facts: ColumnFactsPages;
  readonly #observer: ResizeObserver;
  #sorts: readonly Sort[] = [];
  #selection: Selection = selectOne({ row: 0, column: 0 });
  #frame = 0;
  /** Where the bars stand by our own doing: a scroll event of that is no news. */
  #bars = { top: 0, left: 0 };
  #isDragging = false;
  /** Whether the cell with the focus is to be seen: until the person scrolls away from it. */
  #isFollowing = false;
  /** Whether more is known than what the widths are of. */
  #hasArrived = false;

  constructor(options: GridOptions) {
    const { element } = this;
    this.#options = options;
    this.#layout = new GridLayout(options.table, options.drawSlot !== undefined);
    const arrived = (): void => {
      this.#hasArrived = true;
      this.repaint();
    };
    this.#windows = new CellWindows(options.readCells, () => {
      options.onProblem(this.#windows.problem);
      options.onSelect(this.#selection);
      arrived();
    });
    this.#facts = new ColumnFactsPages(options.readColumns, arrived);
    if (options.first !== undefined) {
      this.#windows.keep(options.first);
      this.#facts.keep(options.first);
      arrived();
    }
    element.tabIndex = 0;
    element.dataset["main"] = "true";
    element.setAttribute("aria-label", options.label);
    element.setAttribute("aria-multiselectable", "true");
    this.#space.append(this.#view);
    element.append(this.#space);
    this.#observer = new ResizeObserver(() => {
      const { width, height } = this.#layout.size;
      if (element.clientWidth !== width || element.clientHeight !== height) this.repaint();
    });
    this.#observer.observe(element);
    this.#listen();
    this.#listenToPointer();
  }

  get selection(): Selection {
    return this.#selection;
  }

  get layout(): GridLayout {
    return this.#layout;
  }

  get facts(): ColumnFactsPages {
    return this.#facts;
  }

  get windows(): CellWindows {
    return this.#windows;
  }

  /** Shows another table, or the same in another order; what is looked at stays where it can. */
  show(table: GridTable, sorts: readonly Sort[] = []): void {
    if (table.columnCount !== this.#layout.table.columnCount) this.#facts.clear();
    this.#sorts = sorts;
    this.#windows.clear();
    this.#layout.show(table);
    this.select(this.#within(this.#selection));
  }

  /** Columns that are not shown, and those that stay at the left. */
  arrange(hidden: ReadonlySet<number>, pinned: readonly number[]): void {
    this.#layout.arrange(hidden, pinned);
    // A cell that nobody sees cannot have the focus.
    this.select(this.#within(this.#selection));
  }

  /** Makes a column as wide as what is on the screen of it. */
  fit(column: number): void {
    this.#layout.resize(new Map([[column, undefined]]));
    fitToContent(this.#layout, this.#facts, this.#windows);
    this.repaint();
  }

  select(selection: Selection): void {
    this.#selection = selection;
    this.#options.onSelect(selection);
    this.repaint();
  }

  /** Selects a cell and brings it on the screen. */
  goTo(place: CellPlace): void {
    this.select(selectOne(this.#layout.within(place)));
    this.#reveal();
  }

  scrollTo(top: number, left: number): void {
    [this.#layout.top, this.#layout.left] = [top, left];
    this.repaint();
  }

  /** Scrolls so that a pixel of the rows and a column are at the corner. */
  showFrom(top: number, column: number): void {
    this.scrollTo(top, this.#layout.startOf(column));
  }

  /** Draws anew, once a frame, however often it is asked to. */
  repaint(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  /** Draws at once, where it has come into the page: until the next frame there is time to ask for cells, or to lay out those that are here. */
  draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#paint();
  }

  dispose(): void {
    this.#windows.clear();
    this.#facts.clear();
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  #listen(): void {
    const { element } = this;
    element.addEventListener("scroll", () => {
      const { scrollTop, scrollLeft } = element;
      const { rows, columns } = this.#layout;
      const [down, right] = [scrollTop - this.#bars.top, scrollLeft - this.#bars.left].map(
        (moved) => Math.abs(moved) > 1,
      );
      if (down === true) this.#layout.top = rows.fromBar(scrollTop);
      if (right === true) this.#layout.left = columns.fromBar(scrollLeft);
      if (down === true || right === true) this.#isFollowing = false;
      this.#bars = { top: scrollTop, left: scrollLeft };
      this.repaint();
    });
    element.addEventListener(
      "wheel",
      (event) => {
        this.#wheel(event);
      },
      { passive: false },
    );
    element.addEventListener("copy", (event) => {
      event.preventDefault();
      this.#options.onCopy();
    });
    element.addEventListener("keydown", (event) => {
      if (!this.#key(event)) return;
      event.preventDefault();
      // VS Code hears the keys of its pages, too.
      event.stopPropagation();
    });
  }

  #listenToPointer(): void {
    const { element } = this;
    element.addEventListener("mousedown", (event) => {
      const place = event.button === 0 ? this.#placeOf(event) : undefined;
      if (place === undefined) return;
      this.#isDragging = place.row >= 0;
      this.select(event.shiftKey ? { anchor: this.#selection.anchor, focus: place } : selectOne(place));
    });
    element.addEventListener("mousemove", (event) => {
      if (!this.#isDragging) return;
      this.#isDragging = event.buttons === 1;
      const place = this.#isDragging ? this.#placeOf(event) : undefined;
      if (place !== undefined && place.row >= 0)
        this.select({ anchor: this.#selection.anchor, focus: place });
    });
    element.addEventListener("dblclick", (event) => {
      if (this.#isAtCorner(event)) this.#options.onSort(-1, event.shiftKey);
      const place = this.#placeOf(event);
      if (place !== undefined) this.#activate(place, event.ctrlKey || event.metaKey || event.shiftKey);
    });
    element.addEventListener("contextmenu", (event) => {
      const place = this.#isAtCorner(event) ? { row: -1, column: -1 } : this.#placeOf(event);
      if (place === undefined) return;
      const isTaken = isRange(this.#selection) && isSelected(this.#selection, place);
      if (place.column >= 0 && !isTaken) this.select(selectOne(place));
      if (place.row >= 0) return;
      event.preventDefault();
      event.stopPropagation();
      this.#options.onColumnMenu(place.column, new DOMRect(event.clientX, event.clientY, 0, 0));
    });
    letColumnsResize(element, {
      columnAtEdge: (event) => this.#columnAtEdge(event),
      widthOf: (column) => this.#layout.widthOf(column),
      resize: (column, width) => {
        this.#layout.resize(new Map([[column, width]]));
        this.repaint();
      },
      fit: (column) => {
        this.fit(column);
      },
    });
  }

  /** What is longer than its bar is moved by us, exactly. */
  #wheel(event: WheelEvent): void {
    const { rows, columns, top, left } = this.#layout;
    if (event.ctrlKey || (rows.isExact && columns.isExact)) return;
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW_HEIGHT : 1;
    const isSideways = event.shiftKey && event.deltaX === 0;
    const [x, y] = isSideways ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    this.#layout.scrollTo(top + y * unit, left + x * unit);
    this.#isFollowing = false;
    event.preventDefault();
    this.repaint();
  }

  /** Whether the key meant something. */
  #key(event: KeyboardEvent): boolean {
    const { focus } = this.#selection;
    const control = event.ctrlKey || event.metaKey;
    if (event.altKey) return false;
    if (event.key === "Enter") {
      this.#activate(focus, event.shiftKey);
      return true;
    }
    if (focus.row < 0 && (event.key === "ContextMenu" || (event.shiftKey && event.key === "F10"))) {
      const header = document.getElementById(this.#painter.idOf(focus)) ?? this.element;
      this.#options.onColumnMenu(focus.column, header.getBoundingClientRect());
      return true;
    }
    const selection = selectionAfter({ key: event.key, shift: event.shiftKey, control }, this.#selection, {
      ...this.#layout.table,
      pageRows: Math.max(1, Math.floor(this.#layout.rows.seen / ROW_HEIGHT) - 1),
      beside: (column, step) => this.#layout.beside(column, step),
    });
    if (selection === undefined) return false;
    this.select(this.#within(selection));
    const isAll = control && event.key.toLowerCase() === "a";
    if (!isAll) this.#reveal();
    return true;
  }

  #within({ anchor, focus }: Selection): Selection {
    return { anchor: this.#layout.within(anchor), focus: this.#layout.within(focus) };
  }

  #reveal(): void {
    this.#isFollowing = true;
    this.#layout.reveal(this.#selection.focus);
  }

  #activate(place: CellPlace, additive: boolean): void {
    if (place.row < 0) this.#options.onSort(place.column, additive);
    else this.#options.onActivate(place, this.#windows.cell(place.row, place.column));
  }

  #placeOf(event: MouseEvent): CellPlace | undefined {
    const box = this.element.getBoundingClientRect();
    return this.#layout.placeAt(event.clientX - box.left, event.clientY - box.top);
  }

  /** Whether it is where the names of the rows' labels stand. */
  #isAtCorner(event: MouseEvent): boolean {
    const { rowLevels } = this.#layout.table;
    const box = this.element.getBoundingClientRect();
    const { labelWidth, headerHeight } = this.#layout;
    const isInside = event.clientX - box.left < labelWidth && event.clientY - box.top < headerHeight;
    return isInside && rowLevels.length > 0;
  }

  #columnAtEdge(event: MouseEvent): number | undefined {
    const box = this.element.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    if (y > this.#layout.headerHeight) return undefined;
    const [before, here] = [this.#layout.columnAt(x - 5), this.#layout.columnAt(x + 4)];
    return before === here ? undefined : before;
  }

  #paint(): void {
    const { element } = this;
    const layout = this.#layout;
    layout.size = { width: element.clientWidth, height: element.clientHeight };
    if (this.#hasArrived) this.#fit();
    layout.scrollTo(layout.top, layout.left);
    const { width, height } = layout.space;
    this.#space.style.width = `${width}px`;
    this.#space.style.height = `${height}px`;
    this.#view.style.width = `${layout.size.width}px`;
    this.#view.style.height = `${layout.size.height}px`;
    this.#setBars(layout.rows.toBar(layout.top), layout.columns.toBar(layout.left));
    this.#ask();
    this.#painter.paint({
      layout,
      windows: this.#windows,
      facts: this.#facts,
      selection: this.#selection,
      sorts: this.#sorts,
      drawSlot: this.#options.drawSlot,
      heatOf: this.#options.heatOf,
    });
    const { rowCount, columnCount } = layout.table;
    element.setAttribute("aria-rowcount", String(rowCount + 1));
    element.setAttribute("aria-colcount", String(columnCount + 1));
    const focused = document.getElementById(this.#painter.idOf(this.#selection.focus));
    if (focused === null || focused.hidden) element.removeAttribute("aria-activedescendant");
    else element.setAttribute("aria-activedescendant", focused.id);
  }

  /** Gives what has arrived the width that it takes. */
  #fit(): void {
    this.#hasArrived = false;
    const isWider = fitToContent(this.#layout, this.#facts, this.#windows);
    if (isWider && this.#isFollowing) this.#layout.reveal(this.#selection.focus);
  }

  #setBars(top: number, left: number): void {
    const { element } = this;
    if (Math.abs(element.scrollTop - top) > 1) element.scrollTop = top;
    if (Math.abs(element.scrollLeft - left) > 1) element.scrollLeft = left;
    this.#bars = { top: element.scrollTop, left: element.scrollLeft };
  }

  /** Asks for what is on the screen and not here, one window of cells after the other. */
  #ask(): void {
    const { layout } = this;
    const windows = layout.windows();
    for (const { columns } of windows) this.#facts.want(columns.from, columns.to);
    const { from, to } = layout.seen().rows;
    if (from < to) windows.every((window) => this.#windows.want(window, layout.table));
  }
}
