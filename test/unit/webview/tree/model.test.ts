import { describe, expect, it } from "vitest";
import type { NodePath, NodeRow } from "../../../../src/protocol/nodes.ts";
import {
  arrived,
  asking,
  collapse,
  expand,
  failed,
  forgetPage,
  newTree,
  openPaths,
  outgrown,
  rowAt,
  withRoot,
} from "../../../../src/webview/artifact/tree/model.ts";
import type { Tree } from "../../../../src/webview/artifact/tree/model.ts";
import { rowsOf } from "../../../../src/webview/artifact/tree/rows.ts";

let lastId = 0;
function list(childCount: number, id = ++lastId): NodeRow {
  return {
    id,
    type: "list",
    family: "sequence",
    childCount,
    length: childCount,
    preview: "[…]",
    more: false,
  };
}
function leaf(preview: string): NodeRow {
  return { id: ++lastId, type: "int", family: "number", childCount: 0, preview, more: false };
}
function leaves(from: number, to: number): NodeRow[] {
  return Array.from({ length: to - from }, (_, index) => leaf(String(from + index)));
}
function load(tree: Tree, path: NodePath, from: number, rows: readonly NodeRow[], childCount: number): Tree {
  return arrived(expand(tree, path), path, { from, rows, childCount });
}
/** One letter a kind and what the row shows. */
function shown(tree: Tree): string[] {
  return rowsOf(tree).map((row) => {
    const indent = " ".repeat(row.level - 1);
    if (row.kind === "value") {
      const mark = row.expanded === undefined ? "" : row.expanded ? "▾" : "▸";
      const link = row.link === undefined ? "" : `${row.link.cyclic ? "↑" : "="}${row.link.path.join("/")}`;
      return `${indent}${mark}${row.row.preview}${link}`;
    }
    if (row.kind === "gap") return `${indent}gap ${row.from}..${row.to}`;
    return `${indent}${row.kind} ${row.page}`;
  });
}

describe("the tree of a value", () => {
  it("shows a leaf as one row that cannot be opened", () => {
    expect(shown(newTree(leaf("42")))).toEqual(["42"]);
    expect(expand(newTree(leaf("42")), []).branches.size).toBe(0);
  });

  it("shows the first page of a container and a gap for what was not asked for", () => {
    const tree = load(newTree(list(250)), [], 0, leaves(0, 100), 250);
    const rows = shown(tree);
    expect(rows).toHaveLength(102);
    expect(rows.slice(0, 3)).toEqual(["▾[…]", " 0", " 1"]);
    expect(rows.at(-1)).toBe(" gap 100..250");
  });

  it("leaves gaps on both sides of a page in the middle, and joins pages that meet", () => {
    let tree = load(newTree(list(1_000_000)), [], 0, leaves(0, 100), 1_000_000);
    tree = load(tree, [], 500_000, leaves(500_000, 500_100), 1_000_000);
    const gaps = (): string[] => shown(tree).filter((row) => row.includes("gap"));
    expect(gaps()).toEqual([" gap 100..500000", " gap 500100..1000000"]);
    tree = load(tree, [], 100, leaves(100, 200), 1_000_000);
    expect(gaps()).toEqual([" gap 200..500000", " gap 500100..1000000"]);
  });

  it("ends the last page where the container ends", () => {
    let tree = load(newTree(list(150)), [], 0, leaves(0, 100), 150);
    tree = load(tree, [], 100, leaves(100, 150), 150);
    expect(shown(tree)).toHaveLength(151);
    expect(shown(tree).some((row) => row.includes("gap"))).toBe(false);
  });

  it("keeps the pages of a container that is closed and opened again", () => {
    const tree = load(newTree(list(2)), [], 0, leaves(0, 2), 2);
    expect(shown(collapse(tree, []))).toEqual(["▸[…]"]);
    expect(shown(expand(collapse(tree, []), []))).toEqual(shown(tree));
  });

  it("shows a page that is under way, one that failed, and asks again after that", () => {
    const opened = expand(newTree(list(3)), []);
    expect(shown(asking(opened, [], 0))).toEqual(["▾[…]", " loading 0"]);
    const broken = failed(opened, [], 0, { code: "error", message: "no" });
    expect(shown(broken)).toEqual(["▾[…]", " failed 0"]);
    expect(shown(forgetPage(broken, [], 0))).toEqual(["▾[…]", " gap 0..3"]);
  });

  it("drops a page of a container that was forgotten meanwhile", () => {
    const tree = newTree(list(3));
    expect(arrived(tree, [1, 2], { from: 0, rows: leaves(0, 3), childCount: 3 })).toEqual(tree);
  });

  it("links an object that stands above already, and lets it be opened in both places", () => {
    const shared = list(1);
    let tree = load(newTree(list(2)), [], 0, [shared, shared], 2);
    tree = load(tree, [1], 0, [leaf("7")], 1);
    expect(shown(tree)).toEqual(["▾[…]", " ▸[…]", " ▾[…]=0", "  7"]);
  });

  it("links a container that contains itself, and does not open it there", () => {
    const root = list(1);
    const tree = load(newTree(root), [], 0, [{ ...root }], 1);
    expect(shown(tree)).toEqual(["▾[…]", " […]↑"]);
    expect(expand(tree, [0])).toBe(tree);
  });

  it("does not take an empty container that is met twice for shared", () => {
    const empty = list(0);
    expect(shown(load(newTree(list(2)), [], 0, [empty, empty], 2))).toEqual(["▾[…]", " […]", " […]"]);
  });

  it("writes the rows of a value that is nested two thousand deep", () => {
    const rows: NodeRow[] = [];
    let tree = newTree(list(1));
    const branches = new Map(tree.branches);
    let key = "";
    for (let depth = 0; depth < 2_000; depth++) {
      rows.push(list(1));
      branches.set(key, {
        expanded: true,
        childCount: 1,
        pages: new Map([[0, { kind: "loaded", rows: [rows[depth]!] }]]),
      });
      key = key === "" ? "0" : `${key}/0`;
    }
    tree = { ...tree, branches };
    expect(rowsOf(tree)).toHaveLength(2_001);
  });

  it("grows with a value that is still read, and tells which pages have to be read again", () => {
    let tree = load(newTree(list(30)), [], 0, leaves(0, 30), 30);
    expect(outgrown(tree)).toEqual([]);
    tree = withRoot(tree, { ...tree.root, childCount: 400 });
    expect(outgrown(tree)).toEqual([{ path: [], page: 0 }]);
    tree = arrived(tree, [], { from: 0, rows: leaves(0, 100), childCount: 400 });
    expect(outgrown(tree)).toEqual([]);
    expect(shown(tree).at(-1)).toBe(" gap 100..400");
  });

  it("remembers what is open, containers before what they contain", () => {
    let tree = load(newTree(list(2)), [], 0, [list(1), list(1)], 2);
    tree = load(tree, [1], 0, [list(1)], 1);
    tree = load(tree, [1, 0], 0, [leaf("x")], 1);
    tree = load(tree, [0], 0, [leaf("y")], 1);
    expect(openPaths(collapse(tree, [0]))).toEqual([
      { path: [], pages: [0] },
      { path: [1], pages: [0] },
      { path: [1, 0], pages: [0] },
    ]);
    expect(rowAt(tree, [1, 0, 0])?.preview).toBe("x");
    expect(rowAt(tree, [1, 0, 5])).toBeUndefined();
  });
});
