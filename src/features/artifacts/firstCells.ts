import type { DocumentState } from "../../protocol/nodes.ts";
import { isPicture } from "../../protocol/nodes.ts";
import { columnPages } from "../../protocol/table.ts";
import type { CellWindow, FirstCells } from "../../protocol/table.ts";
import type { OpenDocument } from "./decoder.ts";

/**
 * The cells that a page shows first of a value that is a table; `undefined` for other values, and where they cannot be read: who shows the table asks
 * for them then, and says what hinders.
 */
export async function firstCells(
  document: OpenDocument,
  { root, table }: DocumentState,
  window: CellWindow,
): Promise<FirstCells | undefined> {
  if (table === undefined || isPicture(root)) return undefined;
  const place = { node: root.id, ...(table.slice !== undefined && { slice: table.slice }) };
  try {
    const [cells, columns] = await Promise.all([
      document.request("cells", { ...place, ...window }),
      document.request("columns", { ...place, ...columnPages(window.columns) }),
    ]);
    return { window, cells, columns };
  } catch {
    return undefined;
  }
}
