import { PAGE_SIZE } from "../../../protocol/nodes.ts";
import type { NodePath } from "../../../protocol/nodes.ts";
import { gapKey, keyOf, pageKey } from "./model.ts";
import type { Branch, Tree, TreeRow } from "./model.ts";

/**
 * The place in the value that a row stands for; for a row that stands for many children, the first of them. A place outlives its row: a
 * gap becomes a page that is under way, and that becomes children.
 */
export function placeOfRow(row: TreeRow): NodePath {
  switch (row.kind) {
    case "value":
      return row.path;
    case "gap":
      return [...row.path, row.from];
    case "loading":
    case "failed":
      return [...row.path, row.page * PAGE_SIZE];
  }
}

/** The key of the row that stands for a place now: the value, or the gap, the page or the closed container that it is hidden in. */
export function keyAt(tree: Tree, place: NodePath): string {
  const path: number[] = [];
  for (const wanted of place) {
    const branch = tree.branches.get(keyOf(path));
    if (branch?.expanded !== true || branch.childCount === 0) break;
    const position = Math.min(wanted, branch.childCount - 1);
    const page = Math.floor(position / PAGE_SIZE);
    const state = branch.pages.get(page);
    if (state === undefined) return gapKey(path, gapStart(branch, page));
    if (state.kind !== "loaded") return pageKey(path, page);
    if (state.rows.length === 0) break;
    path.push(Math.min(position, page * PAGE_SIZE + state.rows.length - 1));
  }
  return keyOf(path);
}

/** Whether a place lies inside a container. */
export function isInside(place: NodePath, container: NodePath): boolean {
  return place.length > container.length && container.every((position, depth) => place[depth] === position);
}

/** Where the last page that was asked for before a page ends. */
function gapStart(branch: Branch, page: number): number {
  let start = 0;
  for (const asked of branch.pages.keys()) {
    if (asked < page) start = Math.max(start, (asked + 1) * PAGE_SIZE);
  }
  return start;
}
