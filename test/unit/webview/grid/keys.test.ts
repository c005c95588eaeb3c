import { describe, expect, it } from "vitest";
import { selectionAfter } from "../../../../src/webview/grid/keys.ts";
import { isSelected, rectangleOf, selectOne } from "../../../../src/webview/grid/selection.ts";

const bounds = {
  rowCount: 100,
  columnCount: 10,
  pageRows: 20,
  beside: (column: number, step: 1 | -1): number => Math.max(0, Math.min(9, column + step)),
};
const start = selectOne({ row: 5, column: 2 });
const after = (key: string, { shift = false, control = false } = {}, from = start) =>
  selectionAfter({ key, shift, control }, from, bounds);

describe("selectionAfter", () => {
  it.each([
    ["ArrowDown", {}, { row: 6, column: 2 }],
    ["ArrowRight", {}, { row: 5, column: 3 }],
    ["PageDown", {}, { row: 25, column: 2 }],
    ["PageUp", {}, { row: 0, column: 2 }],
    ["Home", {}, { row: 5, column: 0 }],
    ["End", { control: true }, { row: 99, column: 9 }],
    ["ArrowUp", { control: true }, { row: 0, column: 2 }],
  ])("%s goes where the grid pattern says", (key, modifiers, place) => {
    expect(after(key, modifiers)).toEqual(selectOne(place));
  });

  it("reaches the header from the first row, and stays there", () => {
    const header = after("ArrowUp", {}, selectOne({ row: 0, column: 2 }));
    expect(header?.focus).toEqual({ row: -1, column: 2 });
    expect(after("ArrowUp", {}, header)?.focus.row).toBe(-1);
  });

  it("grows the selection with shift from where it began", () => {
    const grown = after("ArrowLeft", { shift: true }, after("ArrowDown", { shift: true }));
    expect(grown === undefined ? undefined : rectangleOf(grown)).toEqual({
      rows: { from: 5, to: 7 },
      columns: { from: 1, to: 3 },
    });
    expect(grown !== undefined && isSelected(grown, { row: 6, column: 1 })).toBe(true);
    expect(grown !== undefined && isSelected(grown, { row: 7, column: 1 })).toBe(false);
  });

  it("means nothing for keys of others", () => {
    expect(after("x")).toBeUndefined();
  });
});
