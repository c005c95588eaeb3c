import { describe, expect, it, vi } from "vitest";
import type { ArtifactRequests, GridState } from "../../../../src/protocol/artifact.ts";
import type { TableFacts } from "../../../../src/protocol/table.ts";
import type { Grid } from "../../../../src/webview/grid/grid.ts";
import { selectOne } from "../../../../src/webview/grid/selection.ts";
import { GridModel } from "../../../../src/webview/artifact/table/model.ts";
import { Viewer } from "../../../../src/webview/artifact/viewer.ts";

// The page's own texts come from its head.
vi.mock(import("../../../../src/webview/kit/page.ts"), async () =>
  Promise.resolve({ headData: () => undefined }),
);

vi.stubGlobal("document", { documentElement: { lang: "en" } });

const row = { id: 1, type: "list", family: "sequence", childCount: 9, preview: "", more: false } as const;
const records: TableFacts = {
  kind: "records",
  rowCount: 10,
  columnCount: 3,
  rowLevels: [],
  columnLevels: [""],
};
const slice = { rows: 0, columns: 1, at: [0, 0, 0] };
const cube: TableFacts = { ...records, kind: "array", shape: [10, 3, 5], slice };
const kept: GridState = {
  path: [],
  filter: "x > 1",
  sorts: [],
  shown: { sort: [], filter: "x > 1" },
  hidden: [{ from: 1, to: 2 }],
  pinned: [],
  heat: [],
  focus: { row: 4, column: 2 },
  top: 44,
  firstColumn: 0,
};

/** What was asked, answered by hand. */
function made(table: TableFacts, state?: GridState) {
  const asked: { method: string; params: unknown; answer: (answer: unknown) => void; fail: () => void }[] =
    [];
  const viewer = new Viewer({
    request: async (method: keyof ArtifactRequests, params: unknown) =>
      new Promise<never>((resolve, reject) => {
        asked.push({
          method,
          params,
          answer: resolve as (answer: unknown) => void,
          fail: () => {
            reject(new Error("gone"));
          },
        });
      }),
  });
  if (state !== undefined) viewer.keepGrid(state.path, () => state);
  const grid = {
    selection: selectOne({ row: 0, column: 0 }),
    layout: { top: 0, firstColumn: 0 },
    facts: new Map(),
    show: vi.fn(),
    arrange: vi.fn(),
    select: vi.fn(),
    showFrom: vi.fn(),
    repaint: vi.fn(),
  };
  const model = new GridModel(viewer, { path: [], row, table });
  model.attach(grid as unknown as Grid, () => undefined); // What the model uses of it.
  const methods = (): readonly string[] => asked.map(({ method }) => method);
  return { viewer, model, grid, asked, methods };
}

describe("GridModel", () => {
  it("filters anew what had more rows before its first answer came", async () => {
    const { model, grid, asked, methods } = made(records, kept);
    await vi.waitFor(() => {
      expect(methods()).toEqual(["arrange"]);
    });
    const grown = { ...records, rowCount: 20 };
    model.grown(grown);
    expect(grid.show).toHaveBeenLastCalledWith(grown);
    expect(methods()).toEqual(["arrange", "arrange"]);
    asked[0]?.answer({ arrangement: 1, rowCount: 3, complete: true });
    asked[1]?.answer({ arrangement: 2, rowCount: 6, complete: true });
    await vi.waitFor(() => {
      expect(model.rowCount).toBe(6);
    });
  });

  it("asks anew for the elements of an array with several axes that had not arrived", () => {
    const { model, grid } = made(cube);
    model.grown({ ...cube });
    expect(grid.show).toHaveBeenCalledTimes(1);
  });

  it("keeps what was left while it is shown again, and shows nothing any more when it is left meanwhile", async () => {
    const before = { ...kept, slice: { rows: 0, columns: 2, at: [0, 1, 0] } };
    const { viewer, model, grid, asked, methods } = made(cube, before);
    expect(viewer.gridState([])).toEqual(before);
    model.dispose();
    expect(viewer.gridState([])).toEqual(before);
    asked[0]?.answer({ ...cube, columnCount: 5, slice: before.slice });
    await Promise.resolve();
    expect(methods()).toEqual(["table"]);
    expect(grid.select).not.toHaveBeenCalled();
  });

  it("hides no column of another axis, and shows no cells of the slice before where its own cannot be told", async () => {
    const { model, grid, asked } = made(cube);
    const other = { rows: 0, columns: 2, at: [0, 1, 0] };
    const showing = model.showSlice(other);
    expect(grid.arrange).toHaveBeenLastCalledWith(new Set(), []);
    asked[0]?.fail();
    await showing;
    expect(grid.show).toHaveBeenLastCalledWith({ ...cube, slice: other });
  });
});
