import type { Slice } from "../../../protocol/table.ts";
import { useAnswer } from "../useAnswer.ts";
import type { Viewer } from "../viewer.ts";
import type { Cursor } from "./heatmap.ts";

/** The exact text of a cell, once it is known. */
export function useCell(
  viewer: Viewer,
  node: number,
  slice: Slice,
  cursor: Cursor | undefined,
): string | undefined {
  const { answer } = useAnswer(
    async (signal) => {
      if (cursor === undefined) return undefined;
      const { row, column } = cursor;
      const window = { rows: { from: row, to: row + 1 }, columns: { from: column, to: column + 1 } };
      const block = await viewer.ask("cells", { node, slice, ...window }, signal);
      return { cursor, text: block.rows[0]?.cells[0]?.text ?? "" };
    },
    [cursor?.row, cursor?.column, slice, node],
  );
  return answer !== undefined && answer.cursor === cursor ? answer.text : undefined;
}
