import type { CellPlace, Selection } from "./selection.ts";
import { selectOne } from "./selection.ts";

/** The row that stands for the header. */
const HEADER = -1;

/** What the keyboard needs to know of the grid. */
export interface Bounds {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Rows that Page Up and Page Down pass over. */
  readonly pageRows: number;
  /** The next column to a side that is seen. */
  beside(column: number, step: 1 | -1): number;
}

/** A key as it was pressed. */
export interface Key {
  readonly key: string;
  readonly shift: boolean;
  /** Control, or Command on a Mac. */
  readonly control: boolean;
}

/** The selection after a key, by the ARIA Authoring Practices' grid pattern; `undefined` for a key that means nothing here. */
export function selectionAfter(
  { key, shift, control }: Key,
  selection: Selection,
  bounds: Bounds,
): Selection | undefined {
  if (control && key.toLowerCase() === "a" && !shift) {
    return {
      anchor: { row: 0, column: 0 },
      focus: { row: Math.max(0, bounds.rowCount - 1), column: Math.max(0, bounds.columnCount - 1) },
    };
  }
  const moved = focusAfter(key, control, selection.focus, bounds);
  if (moved === undefined) return undefined;
  const focus = {
    row: Math.max(HEADER, Math.min(moved.row, bounds.rowCount - 1)),
    column: Math.max(0, Math.min(moved.column, bounds.columnCount - 1)),
  };
  return shift ? { anchor: selection.anchor, focus } : selectOne(focus);
}

function focusAfter(key: string, control: boolean, from: CellPlace, bounds: Bounds): CellPlace | undefined {
  const { row, column } = from;
  const [lastRow, lastColumn] = [bounds.rowCount - 1, bounds.columnCount - 1];
  switch (key) {
    case "ArrowDown":
      return { row: control ? lastRow : row + 1, column };
    case "ArrowUp":
      return { row: control ? 0 : row - 1, column };
    case "ArrowRight":
      return { row, column: control ? lastColumn : bounds.beside(column, 1) };
    case "ArrowLeft":
      return { row, column: control ? 0 : bounds.beside(column, -1) };
    case "PageDown":
      return { row: row + bounds.pageRows, column };
    case "PageUp":
      return { row: Math.max(0, row - bounds.pageRows), column };
    case "Home":
      return { row: control ? 0 : row, column: 0 };
    case "End":
      return { row: control ? lastRow : row, column: lastColumn };
    default:
      return undefined;
  }
}
