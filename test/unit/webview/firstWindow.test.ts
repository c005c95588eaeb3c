import { describe, expect, it } from "vitest";
import type { GridState, ViewState } from "../../../src/protocol/artifact.ts";
import { firstWindow } from "../../../src/webview/artifact/firstWindow.ts";

const size = { width: 1000, height: 500 };
const grid: GridState = {
  path: [],
  filter: "",
  sorts: [],
  shown: { sort: [], filter: "" },
  hidden: [],
  pinned: [],
  heat: [],
  focus: { row: 0, column: 0 },
  top: 22_000,
  firstColumn: 3,
};
const saved = (change: Partial<ViewState>): ViewState => ({
  open: [],
  scrollTop: 0,
  shown: "grid",
  ...change,
});

describe("firstWindow", () => {
  it("is the corner of a table, as large as the page", () => {
    const window = firstWindow(size, undefined);
    expect(window?.rows).toEqual({ from: 0, to: 24 });
    expect(window?.columns.from).toBe(0);
    expect((window?.columns.to ?? 0) * 110).toBeGreaterThanOrEqual(size.width);
  });

  it("is where the grid was left", () => {
    const window = firstWindow(size, saved({ grids: [{ ...grid, path: [1] }, grid] }));
    expect(window?.rows).toEqual({ from: 1000, to: 1024 });
    expect(window?.columns.from).toBe(3);
  });

  it("is none where something else was left: other rows, another view, a part of the value", () => {
    const left: Partial<ViewState>[] = [
      { grids: [{ ...grid, filter: "x > 1" }] },
      { grids: [{ ...grid, sorts: [{ column: 0, descending: true }] }] },
      { grids: [{ ...grid, slice: { rows: 0, columns: 2, at: [0, 0, 0] } }] },
      { shown: "tree" },
      { subject: [0] },
    ];
    for (const state of left) expect(firstWindow(size, saved(state))).toBeUndefined();
  });
});
