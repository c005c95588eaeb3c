import { formatCount } from "../kit/format.ts";
import type { ColumnFactsPages } from "./columnFacts.ts";
import type { GridLayout } from "./layout.ts";
import { textWidth } from "./textWidth.ts";
import type { CellWindows } from "./window.ts";

const MOST_WIDTH = 340;
/** Pixels beside a text in its cell, and beside that of a header, which has marks. */
const CELL_MARGIN = 18;
const HEADER_MARGIN = 30;

/** Gives the columns on the screen that have no width yet that of what they hold, and the labels of the rows theirs. Whether something changed. */
export function fitToContent(layout: GridLayout, facts: ColumnFactsPages, windows: CellWindows): boolean {
  const { rows } = layout.seen();
  const widths = new Map<number, number>();
  const places = layout.places();
  for (const { column } of places) {
    const known = facts.get(column);
    if (layout.hasWidth(column) || known === undefined) continue;
    const header = Math.max(textWidth(known.dtype) * 0.9, ...known.labels.map(({ text }) => textWidth(text)));
    let [width, isThere] = [header + HEADER_MARGIN, layout.table.rowCount === 0];
    for (let row = rows.from; row < rows.to; row++) {
      const cell = windows.cell(row, column);
      if (cell === undefined) continue;
      isThere = true;
      width = Math.max(width, textWidth(cell.text) + CELL_MARGIN);
    }
    if (isThere) widths.set(column, Math.min(MOST_WIDTH, width));
  }
  if (widths.size > 0) layout.resize(widths);
  const labels = labelWidth(layout, windows, places[0]?.column ?? 0);
  const isWider = labels > layout.labelWidth;
  if (isWider) layout.labelWidth = labels;
  return widths.size > 0 || isWider;
}

/** Of labels with several levels the sum; of positions what the last one takes. */
function labelWidth(layout: GridLayout, windows: CellWindows, column: number): number {
  const { rows } = layout.seen();
  let width = textWidth(formatCount(Math.max(0, layout.table.rowCount - 1)));
  for (let row = rows.from; row < rows.to; row++) {
    const labels = windows.row(row, column)?.row.labels ?? [];
    width = Math.max(
      width,
      labels.reduce((sum, { text }) => sum + textWidth(text) + CELL_MARGIN, 0),
    );
  }
  return Math.round(Math.min(MOST_WIDTH, width + CELL_MARGIN));
}
