import { describe, expect, it, vi } from "vitest";
import type { OpenDocument } from "../../../../src/features/artifacts/decoder.ts";
import { firstCells } from "../../../../src/features/artifacts/firstCells.ts";
import type { DocumentState, NodeRow } from "../../../../src/protocol/nodes.ts";
import type { TableFacts } from "../../../../src/protocol/table.ts";

const window = { rows: { from: 0, to: 30 }, columns: { from: 0, to: 20 } };
const slice = { rows: 0, columns: 1, at: [0, 0, 0] };
const table: TableFacts = {
  kind: "array",
  rowCount: 9,
  columnCount: 9,
  rowLevels: [],
  columnLevels: [""],
  slice,
};

async function made(change: Partial<NodeRow>, request: OpenDocument["request"], facts?: TableFacts) {
  const root: NodeRow = {
    id: 7,
    type: "ndarray",
    family: "sequence",
    childCount: 9,
    preview: "",
    more: false,
    ...change,
  };
  const state: DocumentState = {
    root,
    settled: true,
    progress: { decodedBytes: 1 },
    warnings: [],
    ...(facts !== undefined && { table: facts }),
  };
  const document: OpenDocument = {
    id: 1,
    opened: {
      facts: { pathspec: "F/1/s/2/x", name: "x", sha: "ab", createdAtMs: 0, metadata: "local@/d" },
      state,
    },
    request,
    close: () => undefined,
  };
  return firstCells(document, state, window);
}

describe("firstCells", () => {
  it("asks for the cells of the window and what the columns of its pages are like, of the slice that is shown", async () => {
    const request = vi.fn(async (method: string) => Promise.resolve(method as never));
    expect(await made({}, request, table)).toEqual({ window, cells: "cells", columns: "columns" });
    expect(request.mock.calls).toEqual([
      ["cells", { node: 7, slice, ...window }],
      ["columns", { node: 7, slice, from: 0, to: 100 }],
    ]);
  });

  it("asks for nothing of what is no table, or is seen as an image", async () => {
    const request = vi.fn();
    expect(await made({}, request)).toBeUndefined();
    expect(await made({ looks: ["image", "heatmap"] }, request, table)).toBeUndefined();
    expect(request).not.toHaveBeenCalled();
  });

  it("leaves what cannot be read to the grid, which says why", async () => {
    const failing = vi.fn(async () => Promise.reject(new Error("gone")));
    expect(await made({}, failing, table)).toBeUndefined();
  });
});
