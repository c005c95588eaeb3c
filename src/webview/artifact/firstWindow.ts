import type { ViewState } from "../../protocol/artifact.ts";
import type { CellWindow } from "../../protocol/table.ts";
import { COLUMN_WIDTH, MARGIN_COLUMNS, ROW_HEIGHT } from "../grid/sizes.ts";

/**
 * The cells that a page of such a size shows first of a value that is a table, in the table's own order; `undefined` where it goes back to something else.
 * @param size in pixels
 * @param saved what the page was left with
 */
export function firstWindow(
  { width, height }: { readonly width: number; readonly height: number },
  saved: ViewState | undefined,
): CellWindow | undefined {
  const { shown = "grid", subject, grids = [] } = saved ?? {};
  if (shown !== "grid" || subject !== undefined) return undefined;
  const kept = grids.find(({ path }) => path.length === 0);
  if (kept !== undefined && (kept.slice !== undefined || kept.filter.trim() !== "" || kept.sorts.length > 0))
    return undefined;
  const { top = 0, firstColumn = 0 } = kept ?? {};
  const row = Math.max(0, Math.floor(top / ROW_HEIGHT));
  return {
    rows: { from: row, to: row + Math.ceil(height / ROW_HEIGHT) + 1 },
    columns: {
      from: firstColumn,
      to: firstColumn + Math.ceil(width / COLUMN_WIDTH) + MARGIN_COLUMNS,
    },
  };
}
