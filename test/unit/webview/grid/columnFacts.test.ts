import { describe, expect, it, vi } from "vitest";
import type { ColumnFacts } from "../../../../src/protocol/table.ts";
import { ColumnFactsPages } from "../../../../src/webview/grid/columnFacts.ts";

const facts = (from: number, to: number): ColumnFacts[] =>
  Array.from({ length: to - from }, (_, index) => ({
    labels: [{ text: `c${from + index}`, kind: "text" }],
    dtype: "int64",
    family: "number",
  }));

describe("ColumnFactsPages", () => {
  it("asks for the pages that did not come with the table alone", async () => {
    const changed = vi.fn();
    const read = vi.fn(async (from: number, to: number) => Promise.resolve(facts(from, to)));
    const pages = new ColumnFactsPages(read, changed);
    const window = { rows: { from: 0, to: 1 }, columns: { from: 190, to: 205 } };
    pages.keep({ window, cells: { rowCount: 1, rows: [] }, columns: facts(100, 300) });
    pages.want(190, 205);
    expect(read).not.toHaveBeenCalled();
    expect(pages.get(199)?.labels[0]?.text).toBe("c199");
    expect(pages.get(200)?.labels[0]?.text).toBe("c200");
    pages.want(90, 110);
    await vi.waitFor(() => {
      expect(changed).toHaveBeenCalledTimes(1);
    });
    expect(read.mock.calls.map(([from, to]) => [from, to])).toEqual([[0, 100]]);
  });
});
