import { paintCell, paintHeat, type HeatOf } from "./cell.ts";
import type { ColumnFactsPages } from "./columnFacts.ts";
import { made } from "./elements.ts";
import { paintCorner, paintHeader, slotOf, type Sort } from "./header.ts";
import type { ColumnPlace, GridLayout } from "./layout.ts";
import { Pool } from "./pool.ts";
import { RowElement } from "./rowElement.ts";
import { isRange, isSelected, rectangleOf, type CellPlace, type Selection } from "./selection.ts";
import { ROW_HEIGHT } from "./sizes.ts";
import type { CellWindows } from "./window.ts";

/** What is drawn. */
export interface Painted {
  readonly layout: GridLayout;
  readonly windows: CellWindows;
  readonly facts: ColumnFactsPages;
  readonly selection: Selection;
  readonly sorts: readonly Sort[];
  readonly drawSlot: ((column: number, slot: HTMLElement) => void) | undefined;
  readonly heatOf: HeatOf;
}

/** Draws what of the grid is on the screen, by elements that are used again. */
export class Painter {
  readonly #header = made("grid-header", "row");
  readonly #corner = made("grid-corner", "columnheader");
  readonly #body = made("grid-body", "rowgroup");
  readonly #headers: Pool<HTMLElement>;
  readonly #rows: Pool<RowElement>;
  readonly #id: string;

  /** @param id begins the ids of all cells */
  constructor(view: HTMLElement, id: string) {
    this.#id = id;
    this.#header.setAttribute("aria-rowindex", "1");
    this.#corner.setAttribute("aria-colindex", "1");
    this.#header.append(this.#corner);
    const head = made("grid-head", "rowgroup");
    head.append(this.#header);
    view.append(head, this.#body);
    this.#headers = new Pool(
      () => made("grid-columnheader", "columnheader"),
      (header) => {
        this.#header.append(header);
      },
    );
    this.#rows = new Pool(
      () => new RowElement(),
      ({ element }) => {
        this.#body.append(element);
      },
    );
  }

  idOf({ row, column }: CellPlace): string {
    return `${this.#id}-${row}-${column}`;
  }

  paint(painted: Painted): void {
    const { layout } = painted;
    this.#body.style.top = `${layout.headerHeight}px`;
    const places = layout.places();
    this.#paintHeaders(painted, places);
    this.#paintRows(painted, places);
  }

  #paintHeaders(
    { layout, facts, selection, sorts, drawSlot }: Painted,
    places: readonly ColumnPlace[],
  ): void {
    this.#header.style.height = `${layout.headerHeight}px`;
    this.#corner.style.width = `${layout.labelWidth}px`;
    const sortOfLabels = sorts.find((sort) => sort.column < 0);
    paintCorner(this.#corner, layout.table.rowLevels, sortOfLabels);
    const headers = this.#headers.take(
      places.map(({ column }) => column),
      hide,
    );
    const selected = rectangleOf(selection).columns;
    for (const place of places) {
      const { column, pinned } = place;
      const header = headers.get(column);
      if (header === undefined) continue;
      this.#put(header, place, { row: -1, column }, selection);
      header.classList.toggle("selected", column >= selected.from && column < selected.to);
      paintHeader(header, {
        facts: facts.get(column),
        sort: sorts.find((sort) => sort.column === column),
        pinned,
      });
      drawSlot?.(column, slotOf(header));
    }
  }

  #paintRows({ layout, windows, facts, selection, heatOf }: Painted, places: readonly ColumnPlace[]): void {
    const { from, to } = layout.seen().rows;
    const positions = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
    const rows = this.#rows.take(positions, ({ element }, isHidden) => {
      element.hidden = isHidden;
    });
    const columns = places.map(({ column }) => column);
    const isLabelled = layout.table.rowLevels.length > 0;
    const hasRange = isRange(selection);
    for (const [row, own] of rows) {
      own.place(row, row * ROW_HEIGHT - layout.top);
      const known = columns.map((column) => windows.row(row, column)).find((found) => found !== undefined);
      const labels = isLabelled
        ? known?.row.labels
        : known && [{ text: String(known.row.row), kind: "number" as const }];
      own.paintLabels(labels, layout.labelWidth);
      own.element.classList.toggle("focused", selection.focus.row === row);
      const taken = own.cells.take(columns, hide);
      for (const place of places) {
        const cell = taken.get(place.column);
        if (cell === undefined) continue;
        const at = { row, column: place.column };
        this.#put(cell, place, at, selection);
        const selected = hasRange && isSelected(selection, at);
        cell.classList.toggle("selected", selected);
        cell.setAttribute("aria-selected", String(selected || isFocus(selection, at)));
        cell.dataset["family"] = facts.get(place.column)?.family ?? "other";
        const value = windows.cell(row, place.column);
        paintCell(cell, value);
        paintHeat(cell, value && heatOf(place.column, value));
      }
    }
  }

  /** Puts an element at its column's place. */
  #put(
    element: HTMLElement,
    { left, width, pinned }: ColumnPlace,
    at: CellPlace,
    selection: Selection,
  ): void {
    element.id = this.idOf(at);
    element.setAttribute("aria-colindex", String(at.column + 2));
    element.style.transform = `translateX(${left}px)`;
    element.style.width = `${width}px`;
    element.classList.toggle("pinned", pinned);
    element.classList.toggle("focused", isFocus(selection, at));
  }
}

function isFocus({ focus }: Selection, { row, column }: CellPlace): boolean {
  return focus.row === row && focus.column === column;
}

function hide(element: HTMLElement, isHidden: boolean): void {
  element.hidden = isHidden;
}
