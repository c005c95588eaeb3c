import { describe, expect, it } from "vitest";
import type { NodePath, NodeRow } from "../../../../src/protocol/nodes.ts";
import {
  arrived,
  asking,
  collapse,
  expand,
  failed,
  newTree,
} from "../../../../src/webview/artifact/tree/model.ts";
import type { Tree } from "../../../../src/webview/artifact/tree/model.ts";
import { keyAt, placeOfRow } from "../../../../src/webview/artifact/tree/place.ts";
import { rowsOf } from "../../../../src/webview/artifact/tree/rows.ts";

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

/** The row at a place, which must be one of those that are drawn. */
const at = (tree: Tree, place: NodePath): string => {
  const key = keyAt(tree, place);
  expect(rowsOf(tree).map((each) => each.key)).toContain(key);
  return key;
};

describe("a place in a tree that changes", () => {
  it("is that of each row while the row is there", () => {
    for (const tree of [open, awaiting, here]) {
      for (const each of rowsOf(tree)) expect(at(tree, placeOfRow(each))).toBe(each.key);
    }
  });

  it("has the awaited page, then the first of the children, or the reason why they do not come", () => {
    expect(at(awaiting, [0, 0])).toBe("0?0");
    expect(at(here, [0, 0])).toBe("0/0");
    expect(at(failed(awaiting, [0], 0, { code: "x", message: "x" }), [0, 0])).toBe("0?0");
  });

  it("has a gap, then the awaited page, then the gap's first child", () => {
    const asked = asking(here, [0], 1);
    expect(at(here, [0, 100])).toBe("0+100");
    expect(at(asked, [0, 100])).toBe("0?1");
    expect(at(arrived(asked, [0], page(100, 250)), [0, 100])).toBe("0/100");
  });

  it("has what stands for a child until the child is here", () => {
    expect(at(here, [0, 230])).toBe("0+100");
    const asked = asking(here, [0], 2);
    expect(at(asked, [0, 230])).toBe("0?2");
    expect(at(asked, [0, 130])).toBe("0+100");
    expect(at(arrived(asked, [0], page(200, 250)), [0, 230])).toBe("0/230");
  });

  it("has the container that was closed around it, the last child when it is behind the end, and at last the root", () => {
    expect(at(collapse(here, [0]), [0, 17])).toBe("0");
    expect(at(collapse(here, []), [0, 17])).toBe("");
    expect(at(newTree(row(1, 0)), [3, 4])).toBe("");
    const short = arrived(expand(newTree(row(1, 3)), []), [], page(0, 3));
    expect(at(short, [7])).toBe("2");
  });
});
