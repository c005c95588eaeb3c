import { describe, expect, it } from "vitest";
import type { GridState, ViewState } from "../../../src/protocol/artifact.ts";
import { viewStateOf } from "../../../src/protocol/viewState.ts";

const grid: GridState = {
  path: [],
  slice: { rows: 0, columns: 1, at: [0, 0, 4] },
  filter: "x > 1",
  sorts: [{ column: -1, descending: true }],
  shown: { sort: [], filter: "" },
  hidden: [{ from: 1, to: 3 }],
  pinned: [5],
  heat: [2],
  focus: { row: -1, column: 0 },
  top: 44.25,
  firstColumn: 7,
};

const kept: Required<ViewState> = {
  open: [{ path: [0, 3], pages: [0, 2] }],
  focus: [0],
  scrollTop: 10.5,
  shown: "grid",
  detail: [1],
  subject: [0, 3],
  grids: [grid],
};

describe("what a page kept of itself", () => {
  it("is read back whole", () => {
    expect(viewStateOf(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
    expect(viewStateOf({ open: [], scrollTop: 0, grids: [{ ...grid, heat: "all" }] })).toBeDefined();
    expect(viewStateOf(undefined)).toBeUndefined();
  });

  it("counts for nothing where another version kept it", () => {
    const { heat, ...without } = grid;
    for (const other of [
      { ...kept, grids: [without] },
      { ...kept, grids: [{ ...without, heat: [heat] }] },
      { ...kept, shown: "chart" },
      { scrollTop: 0 },
      [],
      null,
    ])
      expect(viewStateOf(other)).toBeUndefined();
  });
});
