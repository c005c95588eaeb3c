import type { TableCell } from "../../protocol/table.ts";
import { paintCell } from "./cell.ts";
import { made } from "./elements.ts";
import { Pool } from "./pool.ts";

/** A row on the screen: its labels, and the cells of the columns that are on it, too. */
export class RowElement {
  readonly element = made("grid-row", "row");
  readonly cells: Pool<HTMLElement>;
  readonly #labels = made("grid-rowheader", "rowheader");

  constructor() {
    this.#labels.setAttribute("aria-colindex", "1");
    this.element.append(this.#labels);
    this.cells = new Pool(
      () => made("grid-cell", "gridcell"),
      (cell) => {
        this.element.append(cell);
      },
    );
  }

  /** Puts the row at its place. @param top pixels from the first row on the screen */
  place(row: number, top: number): void {
    this.element.setAttribute("aria-rowindex", String(row + 2));
    this.element.style.transform = `translateY(${top}px)`;
    this.element.classList.toggle("odd", row % 2 === 1);
  }

  /** Writes the labels, one for each level; `undefined` while they are on their way. */
  paintLabels(labels: readonly TableCell[] | undefined, width: number): void {
    this.#labels.style.width = `${width}px`;
    const wanted = labels ?? [undefined];
    while (this.#labels.childElementCount > wanted.length) this.#labels.lastElementChild?.remove();
    while (this.#labels.childElementCount < wanted.length) this.#labels.append(made("grid-rowlabel"));
    for (const [index, label] of wanted.entries()) {
      const element = this.#labels.children[index];
      if (element instanceof HTMLElement) paintCell(element, label);
    }
  }
}
