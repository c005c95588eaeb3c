import { describe, expect, it } from "vitest";
import type { NodeRow } from "../../../src/protocol/nodes.ts";
import { focusedRow } from "../../../src/webview/artifact/focus.ts";
import { arrived, asking, collapse, expand, failed, newTree } from "../../../src/webview/artifact/model.ts";
import type { Tree } from "../../../src/webview/artifact/model.ts";
import { rowsOf } from "../../../src/webview/artifact/rows.ts";

const row = (id: number, childCount: number): NodeRow => ({
  id,
  type: "list",
  family: "sequence",
  childCount,
  preview: "[…]",
  more: false,
});
const page = (from: number, childCount: number) => ({
  from,
  childCount,
  rows: Array.from({ length: Math.min(100, childCount - from) }, (_, at) => row(1000 + from + at, 250)),
});
/** A list of 250 lists, the first of which has been opened and awaits its first page. */
const open = arrived(asking(expand(newTree(row(1, 250)), []), [], 0), [], page(0, 250));
const awaiting = asking(expand(open, [0]), [0], 0);
const here = arrived(awaiting, [0], page(0, 250));

const focused = (tree: Tree, focus: string): string | undefined => {
  const rows = rowsOf(tree);
  return rows[focusedRow(rows, focus)]?.key;
};

describe("the focus in a tree that changes", () => {
  it("is on its own row while that is there", () => {
    for (const { key } of rowsOf(awaiting)) expect(focused(awaiting, key)).toBe(key);
  });

  it("goes from awaited children to the first of them when they arrive, and stays where they do not come", () => {
    expect(focused(awaiting, "0?0")).toBe("0?0");
    expect(focused(here, "0?0")).toBe("0/0");
    expect(focused(failed(awaiting, [0], 0, { code: "x", message: "x", causes: [] }), "0?0")).toBe("0?0");
  });

  it("goes from a gap over the awaited page to its first child", () => {
    const asked = asking(here, [0], 1);
    expect(focused(here, "0+100")).toBe("0+100");
    expect(focused(asked, "0+100")).toBe("0?1");
    expect(focused(arrived(asked, [0], page(100, 250)), "0+100")).toBe("0/100");
  });

  it("is on what stands for a child until the child is here", () => {
    expect(focused(here, "0/230")).toBe("0+100");
    const asked = asking(here, [0], 2);
    expect(focused(asked, "0/230")).toBe("0?2");
    expect(focused(arrived(asked, [0], page(200, 250)), "0/230")).toBe("0/230");
  });

  it("goes to the container that was closed around it, and to the root when nothing else is left", () => {
    expect(focused(collapse(here, [0]), "0/17")).toBe("0");
    expect(focused(collapse(here, []), "0/17")).toBe("");
    expect(focused(newTree(row(1, 0)), "3/4")).toBe("");
  });
});
