import type { GridState } from "../../../protocol/artifact.ts";
import type { Slice, TableCell, TableFacts, TablePlace } from "../../../protocol/table.ts";
import type { Grid, GridOptions } from "../../grid/grid.ts";
import { rectangleOf, selectOne, type CellPlace } from "../../grid/selection.ts";
import { formatCount } from "../../kit/format.ts";
import { visibleLine } from "../../kit/text.ts";
import { GridColumns, type OpenMenu } from "./columns.ts";
import { GridCopy, type CopiedPlace } from "./copy.ts";
import { GridFind } from "./find.ts";
import { GridGoTo } from "./goTo.ts";
import { GridHeat } from "./heat.ts";
import { GridOrder } from "./order.ts";
import { GridProfiles } from "./profiles.ts";
import { say } from "../say.ts";
import type { Subject } from "../subject.ts";
import { problemOf } from "../problem.ts";
import type { Viewer } from "../viewer.ts";

/** What the grid of a value knows and does beside showing cells: which columns are pinned or hidden, what is said of the cell with the focus. */
export class GridModel {
  readonly #viewer: Viewer;
  readonly #subject: Subject;
  #table: TableFacts;
  #slicing = new AbortController();
  readonly #profiles: GridProfiles;
  #grid: Grid | undefined;
  #onChange: () => void = () => undefined;
  readonly #heat: GridHeat;
  readonly #columns: GridColumns;
  /** What is to be shown again, until it is: who leaves before that finds it the next time. */
  #resuming: GridState | undefined;
  menu: OpenMenu | undefined;
  /** Why cells cannot be shown, or what was picked from a menu cannot be done. */
  problem: string | undefined;
  readonly order: GridOrder;
  readonly finder: GridFind;
  readonly goTo: GridGoTo;
  readonly copying: GridCopy;

  constructor(viewer: Viewer, subject: Subject) {
    this.#viewer = viewer;
    this.#subject = subject;
    this.#table = subject.table ?? NO_TABLE;
    this.#profiles = new GridProfiles(
      viewer,
      () => ({ ...this.place, ...this.#filtered }),
      () => this.#grid?.repaint(),
    );
    this.#heat = new GridHeat({
      // The columns of an array are no variables: one colour means the same number in all of them.
      profileOf: (column) => (this.#hasAxes ? this.#profiles.whole() : this.#profiles.of(column)),
      onChange: () => this.#grid?.repaint(),
    });
    this.order = new GridOrder(
      viewer,
      () => this.place,
      (rows) => {
        if (rows) {
          this.#profiles.filtered(this.order.shown.filter.trim());
          this.#grid?.show(this.#shown, this.order.sorts);
          this.finder.again();
        }
        this.#onChange();
      },
    );
    this.#columns = new GridColumns(viewer, {
      place: () => this.place,
      columnCount: () => this.#table.columnCount,
      order: this.order,
      heat: this.#heat,
      isArray: () => this.#table.kind === "array",
      rowLevels: () => this.#table.rowLevels,
      nameOf: (column) => this.nameOf(column),
      // As the language of filters has it.
      filterNameOf: (column) => this.#labelsOf(column).join("."),
      open: (menu) => {
        this.#openMenu(menu);
      },
      fit: (column) => this.#grid?.fit(column),
      arrange: (hidden, pinned) => this.#grid?.arrange(hidden, pinned),
      onAsked: (problem) => {
        this.problem = problem;
        if (problem !== undefined) viewer.say(problem);
        this.#onChange();
      },
    });
    const ways = {
      place: () => this.place,
      focus: () => this.#grid?.selection.focus ?? { row: 0, column: 0 },
      goTo: (place: CellPlace) => {
        this.#goTo(place);
      },
      onChange: () => {
        this.#onChange();
      },
    };
    this.finder = new GridFind(viewer, { ...ways, arrangement: () => this.order.arranged?.arrangement });
    this.goTo = new GridGoTo(viewer, ways);
    this.copying = new GridCopy(viewer, {
      cells: () => this.#selectedCells,
      hasLabels: () => this.#table.rowLevels.length > 0,
      open: (menu) => {
        this.#openMenu(menu);
      },
    });
  }

  /** The table whose cells are shown. */
  get place(): TablePlace {
    const { slice } = this.#table;
    return { node: this.#subject.row.id, ...(slice !== undefined && { slice }) };
  }

  /** Whether it is of an array with more than one axis. */
  get #hasAxes(): boolean {
    return (this.#table.shape?.length ?? 0) > 1;
  }

  /** The rows that are left of it, where there is a filter: those of an order alone are the same. */
  get #filtered(): { readonly arrangement?: number } {
    const { arranged, shown } = this.order;
    return arranged === undefined || shown.filter.trim() === "" ? {} : { arrangement: arranged.arrangement };
  }

  /** What of an array with more than two axes is shown; `undefined` for all other values. */
  get axes(): { readonly shape: readonly number[]; readonly slice: Slice } | undefined {
    const { shape, slice } = this.#table;
    return shape !== undefined && shape.length > 2 && slice !== undefined ? { shape, slice } : undefined;
  }

  /** Shows other axes of an array, or another place on those that are not shown. */
  async showSlice(slice: Slice): Promise<void> {
    this.#slicing.abort();
    const { signal } = (this.#slicing = new AbortController());
    const { id: node } = this.#subject.row;
    const isOfOtherColumns = slice.columns !== this.#table.slice?.columns;
    // At once for the controls, which the person moves.
    this.#table = { ...this.#table, slice };
    // Those that were hidden or pinned are none of these, of which all could be hidden.
    if (isOfOtherColumns) this.#columns.resume({ hidden: [], pinned: [] });
    this.#onChange();
    const table = await this.#viewer.ask("table", { node, slice }, signal).catch(() => null);
    // Where it is not told, the cells say what hinders: those of the slice before would be taken for its own.
    if (!signal.aborted) this.#showTable(table ?? this.#table);
  }

  /** What the grid is made with. */
  get options(): Omit<GridOptions, "label"> {
    return {
      table: this.#table,
      first: this.#subject.first,
      readCells: async ({ rows, columns }, signal) => {
        const arrangement = this.order.arranged?.arrangement;
        const params = { ...this.place, rows, columns, ...(arrangement !== undefined && { arrangement }) };
        try {
          return await this.#viewer.ask("cells", params, signal);
        } catch (thrown) {
          // One of the last few alone is kept: it is made once more.
          if (problemOf(thrown).code === "no-arrangement") void this.order.again();
          throw thrown;
        }
      },
      readColumns: async (from, to, signal) =>
        this.#viewer.ask("columns", { ...this.place, from, to }, signal),
      onActivate: (place, cell) => void this.#activate(place, cell),
      onSelect: () => {
        this.#onChange();
      },
      onSort: (column, additive) => {
        this.order.turn(column, additive);
      },
      onColumnMenu: (column, anchor) => {
        this.#columns.openMenu(column, anchor);
      },
      // The columns of an array are no variables: statistics of all its elements tell more.
      ...(this.#table.kind !== "array" && {
        drawSlot: (column: number, slot: HTMLElement) => {
          this.#profiles.draw(column, slot);
        },
      }),
      heatOf: (column, cell) => this.#heat.of(column, cell),
      onCopy: () => void this.copying.copy("cells"),
      onProblem: (problem) => {
        this.problem = problem === undefined ? undefined : problemOf(problem).message;
        this.#onChange();
      },
    };
  }

  /** @param onChange called when what is said beside the cells has changed */
  attach(grid: Grid, onChange: () => void): void {
    this.#grid = grid;
    this.#onChange = onChange;
    this.#resuming = this.#viewer.gridState(this.#subject.path);
    this.#viewer.keepGrid(this.#subject.path, () => this.#state);
    if (this.#resuming !== undefined) void this.#resume(this.#resuming);
    // The cell with the focus is here already.
    if (this.#subject.first !== undefined) onChange();
  }

  /** What a person made of it. */
  get #state(): GridState | undefined {
    if (this.#grid === undefined || this.#resuming !== undefined) return this.#resuming;
    const { layout, selection } = this.#grid;
    const { axes, order } = this;
    return {
      path: this.#subject.path,
      ...(axes !== undefined && { slice: axes.slice }),
      filter: order.filter,
      sorts: order.sorts,
      shown: order.shown,
      ...this.#columns.state,
      heat: this.#heat.state,
      focus: selection.focus,
      top: layout.top,
      firstColumn: layout.firstColumn,
    };
  }

  /** Shows what was shown before, in another page or beside another view. */
  async #resume(kept: GridState): Promise<void> {
    if (kept.slice !== undefined) await this.showSlice(kept.slice);
    if (this.#resuming !== kept) return;
    this.#resuming = undefined;
    this.#columns.resume(kept);
    this.#heat.resume(kept.heat);
    this.#grid?.select(selectOne(kept.focus));
    this.#grid?.showFrom(kept.top, kept.firstColumn);
    this.order.resume(kept);
  }

  /** The same value has more rows. */
  grown(table: TableFacts): void {
    if (table === this.#subject.table) return;
    this.#profiles.clear();
    // An array has its shape from the beginning: other elements of the same slice have arrived.
    this.#showTable(this.axes === undefined ? table : this.#table);
  }

  #showTable(table: TableFacts): void {
    this.#table = table;
    const { arranged, busy } = this.order;
    if (arranged === undefined) this.#grid?.show(table);
    // Also what is under way is of the rows that there were.
    if (arranged !== undefined || busy) void this.order.again();
  }

  /** Whether all rows are looked at for something that the person wants. */
  get busy(): boolean {
    return this.order.busy || this.#columns.busy;
  }

  /** Rows that are shown. */
  get rowCount(): number {
    return this.order.arranged?.rowCount ?? this.#table.rowCount;
  }

  /** The same in words, where they are not all. */
  get rowsShown(): string {
    const { arranged, shown, busy } = this.order;
    if (arranged === undefined || shown.filter.trim() === "") return "";
    const counts = [arranged.rowCount, this.#table.rowCount].map((count) => formatCount(count));
    return say(arranged.complete || !busy ? "rowsShown" : "rowsSoFar", ...counts);
  }

  get #shown(): TableFacts {
    return { ...this.#table, rowCount: this.rowCount };
  }

  /** Gives the keyboard to the cells. */
  focus(): void {
    this.#grid?.element.focus({ preventScroll: true });
  }

  /** The keys of the grid's section. Whether one meant something. */
  key({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
    if ((!ctrlKey && !metaKey) || altKey || shiftKey) return false;
    if (key.toLowerCase() === "f") this.finder.open();
    else if (key.toLowerCase() === "g") this.goTo.open();
    else return false;
    return true;
  }

  #goTo(place: CellPlace): void {
    this.#columns.show(place.column);
    this.#grid?.goTo(place);
  }

  /** Gives up what is under way. */
  dispose(): void {
    const kept = this.#state;
    this.#viewer.keepGrid(this.#subject.path, () => kept);
    this.#resuming = undefined;
    this.order.stop();
    this.finder.stop();
    this.#columns.stop();
    this.#profiles.clear();
    this.#slicing.abort();
  }

  /** The cell with the focus: its column's name, its row's labels, and what it holds. */
  get focused():
    | {
        readonly place: CellPlace;
        readonly column: string;
        readonly row: string;
        readonly cell: TableCell | undefined;
      }
    | undefined {
    const grid = this.#grid;
    if (grid === undefined) return undefined;
    const place = grid.selection.focus;
    const known = grid.windows.row(place.row, place.column)?.row;
    const labels = known?.labels.map(({ text }) => text).join(", ") ?? "";
    return {
      place,
      column: this.nameOf(place.column),
      row: labels === "" ? String(known?.row ?? place.row) : labels,
      cell: grid.windows.cell(place.row, place.column),
    };
  }

  /** The selected cells; of a header its whole column. */
  get #selectedCells(): CopiedPlace | undefined {
    const selection = this.#grid?.selection;
    if (selection === undefined) return undefined;
    const { rows, columns } = rectangleOf(selection);
    const isHeader = selection.focus.row < 0;
    const arrangement = this.order.arranged?.arrangement;
    return {
      ...this.place,
      ...(arrangement !== undefined && { arrangement }),
      rows: [isHeader ? { from: 0, to: this.rowCount } : rows],
      columns: this.#columns.shownOf(columns),
    };
  }

  /** The selected rows and columns, where there is more than one cell. */
  get selected(): { readonly rows: number; readonly columns: number } | undefined {
    const selection = this.#grid?.selection;
    if (selection === undefined) return undefined;
    const { anchor, focus } = selection;
    const rows = Math.abs(anchor.row - focus.row) + 1;
    const columns = this.#columns
      .shownOf(rectangleOf(selection).columns)
      .reduce((sum, { from, to }) => sum + to - from, 0);
    return rows * columns > 1 ? { rows, columns } : undefined;
  }

  nameOf(column: number): string {
    return visibleLine(this.#labelsOf(column).join(" · "));
  }

  #labelsOf(column: number): readonly string[] {
    return (this.#grid?.facts.get(column)?.labels ?? []).map(({ text }) => text);
  }

  /** Opens what is in a cell where it stands in the value. */
  async openFocused(): Promise<void> {
    const focused = this.focused;
    if (focused !== undefined) await this.#activate(focused.place, focused.cell);
  }

  pick(id: string): void {
    const { menu } = this;
    this.closeMenu();
    menu?.pick(id);
  }

  closeMenu(): void {
    this.menu = undefined;
    this.#onChange();
    this.#grid?.element.focus({ preventScroll: true });
  }

  #openMenu(menu: OpenMenu): void {
    this.menu = menu;
    this.#onChange();
  }

  async #activate({ row, column }: CellPlace, cell: TableCell | undefined): Promise<void> {
    if (cell?.kind !== "nested" && cell?.cut !== true) return;
    const known = this.#grid?.windows.row(row, column)?.row.row ?? row;
    const { path } = this.#subject;
    const found = await this.#viewer.ask("locate", { ...this.place, row: known, column }).catch(() => null);
    if (found !== null) await this.#viewer.revealInTree([...path, ...found.path]);
  }
}

const NO_TABLE: TableFacts = {
  kind: "frame",
  rowCount: 0,
  columnCount: 0,
  rowLevels: [],
  columnLevels: [""],
};
