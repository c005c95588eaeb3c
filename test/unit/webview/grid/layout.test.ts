import { describe, expect, it } from "vitest";
import { ColumnWidths } from "../../../../src/webview/grid/columns.ts";
import { GridLayout } from "../../../../src/webview/grid/layout.ts";
import { COLUMN_WIDTH, ROW_HEIGHT } from "../../../../src/webview/grid/sizes.ts";
import { Scale } from "../../../../src/webview/grid/scale.ts";

describe("Scale", () => {
  it("moves as far as the bar where a browser can scroll that far", () => {
    const scale = new Scale(10_000, 500);
    expect(scale.spacer).toBe(10_000);
    expect(scale.fromBar(1234)).toBe(1234);
    expect(scale.within(99_999)).toBe(9500);
  });

  it("reaches both ends of a billion rows by the bar, and every pixel between by itself", () => {
    const scale = new Scale(1e9 * ROW_HEIGHT, 600);
    expect(scale.spacer).toBeLessThanOrEqual(4_000_000);
    expect(scale.fromBar(0)).toBe(0);
    expect(scale.fromBar(scale.spacer - 600)).toBeCloseTo(scale.end, 0);
    expect(scale.within(scale.end - 1)).toBe(scale.end - 1);
    expect(scale.fromBar(scale.toBar(123_456_789))).toBeCloseTo(123_456_789, 0);
  });
});

describe("ColumnWidths", () => {
  const widths = new ColumnWidths(100_000, new Map([[3, 300], [10, 0], [99_999, 50]])); // prettier-ignore

  it("finds the column of each pixel, also among a hundred thousand", () => {
    for (const column of [0, 2, 3, 4, 9, 11, 50_000, 99_999]) {
      expect(widths.at(widths.startOf(column))).toBe(column);
      expect(widths.at(widths.startOf(column + 1) - 1)).toBe(column);
    }
    expect(widths.total).toBe(100_000 * COLUMN_WIDTH + 190 - 110 - 60);
  });

  it("passes over what is hidden", () => {
    expect(widths.beside(9, 1)).toBe(11);
    expect(widths.beside(11, -1)).toBe(9);
    expect(widths.beside(99_999, 1)).toBe(99_999);
    expect(widths.beside(0, -1)).toBe(0);
  });
});

describe("GridLayout", () => {
  const layout = (rowCount = 1e9, columnCount = 1000): GridLayout => {
    const made = new GridLayout({ rowCount, columnCount, rowLevels: [], columnLevels: [""] }, false);
    made.size = { width: 800, height: 40 + 10 * ROW_HEIGHT };
    return made;
  };

  it("has the nearest cell that is seen for one that is hidden, or is not there", () => {
    const grid = layout(10, 1000);
    grid.arrange(new Set([0, 5, 6, 999]), [3]);
    const columnOf = (column: number): number => grid.within({ row: 0, column }).column;
    expect([0, 4, 5, 6, 999, 2000].map(columnOf)).toEqual([1, 4, 4, 7, 998, 998]);
    expect(grid.within({ row: 99, column: 1 }).row).toBe(9);
  });

  it("shows a cell that it goes to, wherever that is", () => {
    const grid = layout();
    grid.reveal({ row: 999_999_999, column: 999 });
    const { rows, columns } = grid.seen();
    expect(rows.to).toBe(1e9);
    expect(columns.to).toBe(1000);
    grid.reveal({ row: 5, column: 0 });
    expect(grid.top).toBe(5 * ROW_HEIGHT);
    expect(grid.left).toBe(0);
  });

  it("finds the cell that is drawn at a point", () => {
    const grid = layout();
    grid.scrollTo(123 * ROW_HEIGHT, 7 * COLUMN_WIDTH);
    for (const { column, left, width } of grid.places().slice(0, 5)) {
      expect(grid.placeAt(left + width - 2, grid.headerHeight + ROW_HEIGHT + 1)).toEqual({
        row: 124,
        column,
      });
      expect(grid.placeAt(left + width - 2, 3)).toEqual({ row: -1, column });
    }
    expect(grid.placeAt(10, 100)).toBeUndefined();
  });

  it("draws pinned columns first and once", () => {
    const grid = layout(100, 10);
    grid.arrange(new Set([1]), [4, 0]);
    expect(grid.places().map(({ column }) => column)).toEqual([4, 0, 2, 3, 5, 6, 7]);
    expect(grid.beside(0, 1)).toBe(2);
    expect(grid.beside(2, -1)).toBe(0);
    expect(grid.beside(4, -1)).toBe(4);
    expect(grid.columnAt(grid.labelWidth + 1)).toBe(4);
  });

  it("asks for no column that is hidden, however many lie between two that are seen", () => {
    const grid = layout(100, 100_000);
    const hidden = Array.from({ length: 100_000 }, (_, column) => column).filter(
      (column) => ![0, 1, 50_000, 99_999].includes(column),
    );
    grid.arrange(new Set(hidden), [1]);
    expect(grid.windows().map(({ columns }) => columns)).toEqual([
      { from: 0, to: 2 },
      { from: 50_000, to: 50_001 },
      { from: 99_999, to: 100_000 },
    ]);
  });

  it("keeps what is at the left where it is while columns get their widths", () => {
    const grid = layout();
    grid.scrollTo(0, 20 * COLUMN_WIDTH + 10);
    grid.resize(new Map([[3, 300], [20, 200]])); // prettier-ignore
    const [first] = grid.places();
    expect(first?.column).toBe(20);
    expect(first?.left).toBe(grid.labelWidth - 10);
  });
});
