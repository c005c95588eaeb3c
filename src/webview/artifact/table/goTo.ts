import type { TablePlace } from "../../../protocol/table.ts";
import type { CellPlace } from "../../grid/selection.ts";
import type { Viewer } from "../viewer.ts";

/** Names that are offered at once. */
const MOST_NAMES = 200;

interface GoToContext {
  readonly place: () => TablePlace;
  /** The cell with the focus. */
  readonly focus: () => CellPlace;
  readonly goTo: (place: CellPlace) => void;
  readonly onChange: () => void;
}

/** Asks a person for a row and a column, and goes there. */
export class GridGoTo {
  readonly #viewer: Viewer;
  readonly #context: GoToContext;
  /** Whether the person is asked. */
  isOpen = false;

  constructor(viewer: Viewer, context: GoToContext) {
    this.#viewer = viewer;
    this.#context = context;
  }

  open(): void {
    this.#show(true);
  }

  close(): void {
    this.#show(false);
  }

  /** The names of the columns that a text may mean. */
  async columnsNamed(text: string): Promise<readonly string[]> {
    return (await this.#matching(text).catch(() => undefined))?.names ?? [];
  }

  /** Goes to a row, counted from 1, or to a column, or both. Whether there is such a column. */
  async go(row: number | undefined, name: string): Promise<boolean> {
    const focus = this.#context.focus();
    const column = name === "" ? focus.column : await this.#columnOf(name);
    if (column === undefined) return false;
    this.#context.goTo({ row: row === undefined ? focus.row : Math.max(0, row - 1), column });
    return true;
  }

  async #columnOf(text: string): Promise<number | undefined> {
    const { names, positions } = await this.#matching(text);
    const exact = names.indexOf(text);
    return positions[exact < 0 ? 0 : exact];
  }

  async #matching(text: string): Promise<{ names: readonly string[]; positions: readonly number[] }> {
    return this.#viewer.ask("matchingColumns", { ...this.#context.place(), text, limit: MOST_NAMES });
  }

  #show(isOpen: boolean): void {
    this.isOpen = isOpen;
    this.#context.onChange();
  }
}
