import { describe, expect, it, vi } from "vitest";
import { GridColumns, type OpenMenu } from "../../../../src/webview/artifact/table/columns.ts";
import { GridHeat } from "../../../../src/webview/artifact/table/heat.ts";
import { GridOrder } from "../../../../src/webview/artifact/table/order.ts";
import { Viewer } from "../../../../src/webview/artifact/viewer.ts";

// The page's own texts come from its head.
vi.mock(import("../../../../src/webview/kit/page.ts"), async () =>
  Promise.resolve({ headData: () => undefined }),
);

vi.stubGlobal("document", { documentElement: { lang: "en" } });

interface Made {
  readonly columns: GridColumns;
  readonly order: GridOrder;
  readonly arrange: ReturnType<typeof vi.fn>;
  /** Picks from the menu that is open. */
  readonly pick: (label: string) => void;
  readonly offered: () => readonly string[];
  /** What hindered what was picked, and what a screen reader was told. */
  readonly problems: readonly string[];
  readonly said: () => string;
}

/** Three columns, whose names have two levels, and rows with two levels of labels. */
function made(answers: Readonly<Record<string, unknown>> = {}): Made {
  const viewer = new Viewer({
    request: async (method) => {
      const answer = await answers[method];
      if (answer instanceof Error) throw answer;
      return (answer ?? null) as never;
    },
  });
  const place = (): { node: number } => ({ node: 1 });
  const order = new GridOrder(viewer, place, () => undefined);
  const arrange = vi.fn();
  const problems: string[] = [];
  let menu: OpenMenu | undefined;
  const columns = new GridColumns(viewer, {
    place,
    columnCount: () => 3,
    order,
    heat: new GridHeat({ profileOf: () => undefined, onChange: () => undefined }),
    isArray: () => false,
    rowLevels: () => ["day", ""],
    nameOf: (column) => `group · ${column}`,
    filterNameOf: (column) => `group.${column}`,
    open: (opened) => {
      menu = opened;
    },
    fit: () => undefined,
    arrange,
    onAsked: (problem) => {
      if (problem !== undefined) problems.push(problem);
    },
  });
  return {
    problems,
    said: () => viewer.screen.said,
    columns,
    order,
    arrange,
    pick: (label) => {
      const id = menu?.items.find((item) => item.label === label)?.id;
      if (id === undefined) throw new Error(`nothing is called ${label}`);
      menu?.pick(id);
    },
    offered: () => menu?.items.map((item) => item.label) ?? [],
  };
}

const anchor = {} as DOMRect; // Passed on as it is.

describe("what is done with columns", () => {
  it("sorts by a level of the rows' labels, from their header or from that of a column", () => {
    const { columns, order, pick, offered } = made();
    columns.openMenu(-1, anchor);
    expect(offered()).toEqual([
      "Sort by day Ascending",
      "Sort by day Descending",
      "Sort by Level 1 Ascending",
      "Sort by Level 1 Descending",
    ]);
    pick("Sort by Level 1 Descending");
    expect(order.sorts).toEqual([{ column: -2, descending: true }]);
    columns.openMenu(0, anchor);
    pick("Sort by Row Labels…");
    pick("Sort by day Ascending");
    expect(order.sorts).toEqual([{ column: -1, descending: false }]);
    columns.openMenu(-1, anchor);
    pick("Clear Sort");
    expect(order.sorts).toEqual([]);
  });

  it("filters by a value under the name that the filter knows the column by", async () => {
    const values = [{ cell: { kind: "text", text: "a" }, count: 2 }];
    const { columns, order, pick, offered } = made({ distinct: { values, complete: true } });
    columns.openMenu(1, anchor);
    pick("Filter by Value…");
    await vi.waitFor(() => {
      expect(offered()).toEqual(["a"]);
    });
    pick("a");
    expect(order.filter).toBe('`group.1` == "a"');
    order.stop();
  });

  it("hides and pins columns, never all, and does so again from what was kept", async () => {
    const first = made({ unlikeColumns: { constant: [2], equal: [{ column: 1, same: 0 }] } });
    first.columns.openMenu(0, anchor);
    first.pick("Pin Column");
    first.columns.openMenu(0, anchor);
    first.pick("Hide Constant and Repeated Columns");
    await vi.waitFor(() => {
      expect(first.arrange).toHaveBeenLastCalledWith(new Set([1, 2]), [0]);
    });
    const kept = JSON.parse(JSON.stringify(first.columns.state)) as GridColumns["state"];
    expect(kept).toEqual({ hidden: [{ from: 1, to: 3 }], pinned: [0] });
    first.columns.openMenu(0, anchor);
    expect(first.offered()).not.toContain("Hide Column");
    const again = made();
    again.columns.resume(kept);
    expect(again.arrange).toHaveBeenLastCalledWith(new Set([1, 2]), [0]);
  });

  it("leaves a column where all are alike, beside those that are hidden already, and keeps none pinned that is hidden", async () => {
    const { columns, arrange, pick, said } = made({ unlikeColumns: { constant: [1, 2], equal: [] } });
    columns.resume({ hidden: [{ from: 0, to: 1 }], pinned: [2] });
    columns.openMenu(1, anchor);
    pick("Hide Constant and Repeated Columns");
    await vi.waitFor(() => {
      expect(arrange).toHaveBeenLastCalledWith(new Set([0, 2]), []);
    });
    expect(said()).toBe("Hidden columns: 2");
  });

  it("tells what hinders, and hides nothing then", async () => {
    const { columns, arrange, pick, problems } = made({ unlikeColumns: new Error("too wide") });
    columns.openMenu(0, anchor);
    pick("Hide Constant and Repeated Columns");
    await vi.waitFor(() => {
      expect(problems).toEqual(["too wide"]);
    });
    expect(arrange).not.toHaveBeenCalled();
    expect(columns.busy).toBe(false);
  });

  it("does not put values that come late over another menu, nor opens one without any", async () => {
    let answer: (values: unknown) => void = () => undefined;
    const distinct = new Promise((resolve) => (answer = resolve));
    const { columns, pick, offered, said } = made({ distinct });
    columns.openMenu(1, anchor);
    pick("Filter by Value…");
    expect(columns.busy).toBe(true);
    columns.openMenu(-1, anchor);
    expect(columns.busy).toBe(false);
    answer({ values: [], complete: true });
    await distinct;
    expect(offered()).toContain("Sort by day Ascending");
    columns.openMenu(1, anchor);
    pick("Filter by Value…");
    await vi.waitFor(() => {
      expect(said()).toBe("It has no rows.");
    });
    expect(offered()).toContain("Filter by Value…");
  });

  it("names values that nobody sees", async () => {
    const cells = [
      { kind: "text", text: "" },
      { kind: "absent", text: "" },
      { kind: "text", text: "begin", cut: true },
    ];
    const values = cells.map((cell) => ({ cell, count: 1 }));
    const { columns, pick, offered } = made({ distinct: { values, complete: true } });
    columns.openMenu(1, anchor);
    pick("Filter by Value…");
    await vi.waitFor(() => {
      expect(offered()).toEqual(['""', "∅", "begin…"]);
    });
  });

  it("tells which columns of a selection are seen, and shows one that the person goes to", () => {
    const { columns, arrange } = made();
    expect(columns.shownOf({ from: 0, to: 3 })).toEqual([{ from: 0, to: 3 }]);
    columns.resume({ hidden: [{ from: 1, to: 2 }], pinned: [] });
    expect(columns.shownOf({ from: 0, to: 3 })).toEqual([
      { from: 0, to: 1 },
      { from: 2, to: 3 },
    ]);
    expect(columns.shownOf({ from: 1, to: 2 })).toEqual([]);
    expect(columns.shownOf({ from: 1, to: 3 })).toEqual([{ from: 2, to: 3 }]);
    columns.show(1);
    expect(arrange).toHaveBeenLastCalledWith(new Set(), []);
  });
});
