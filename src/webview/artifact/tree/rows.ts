import { PAGE_SIZE } from "../../../protocol/nodes.ts";
import type { NodeId, NodePath, NodeRow } from "../../../protocol/nodes.ts";
import { gapKey, keyOf, pageKey } from "./model.ts";
import type { Branch, Tree, TreeRow } from "./model.ts";

/** A container whose children are being written down. */
interface Frame {
  readonly path: NodePath;
  readonly branch: Branch;
  readonly id: NodeId;
  /** The next child to write. */
  next: number;
}

/**
 * The rows that the open part of the tree makes, from top to bottom. No recursion: a value may be nested a million deep.
 * An object that was met above is linked to its first place; one that contains itself is a link only.
 */
export function rowsOf(tree: Tree): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const firstPlace = new Map<NodeId, NodePath>();
  const stack: Frame[] = [];
  const ancestors = new Map<NodeId, NodePath>();

  const put = (row: NodeRow, path: NodePath, position: number, setSize: number): void => {
    const container = row.childCount > 0;
    const above = container ? ancestors.get(row.id) : undefined;
    const earlier = above ?? (container ? firstPlace.get(row.id) : undefined);
    const branch = above === undefined && container ? tree.branches.get(keyOf(path)) : undefined;
    const expanded = container && above === undefined ? (branch?.expanded ?? false) : undefined;
    const link = earlier === undefined ? undefined : { path: earlier, cyclic: above !== undefined };
    rows.push({
      kind: "value",
      key: keyOf(path),
      path,
      level: path.length + 1,
      row,
      expanded,
      position,
      setSize,
      link,
    });
    if (container && earlier === undefined) firstPlace.set(row.id, path);
    if (branch?.expanded === true) {
      stack.push({ path, branch, id: row.id, next: 0 });
      ancestors.set(row.id, path);
    }
  };

  put(tree.root, [], 1, 1);
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    if (frame.next >= frame.branch.childCount) {
      stack.pop();
      ancestors.delete(frame.id);
      continue;
    }
    const page = Math.floor(frame.next / PAGE_SIZE);
    const state = frame.branch.pages.get(page);
    const place = {
      path: frame.path,
      level: frame.path.length + 2,
      position: page * PAGE_SIZE + 1,
      setSize: frame.branch.childCount,
    };
    if (state === undefined) {
      const to = gapEnd(frame.branch, page);
      rows.push({ kind: "gap", key: gapKey(frame.path, frame.next), ...place, from: frame.next, to });
      frame.next = to;
    } else if (state.kind === "loaded") {
      const row = state.rows[frame.next % PAGE_SIZE];
      const position = frame.next++;
      if (row === undefined) frame.next = Math.min((page + 1) * PAGE_SIZE, frame.branch.childCount);
      else put(row, [...frame.path, position], position + 1, frame.branch.childCount);
    } else {
      const key = pageKey(frame.path, page);
      if (state.kind === "loading") rows.push({ kind: "loading", key, ...place, page });
      else rows.push({ kind: "failed", key, ...place, page, problem: state.problem });
      frame.next = (page + 1) * PAGE_SIZE;
    }
  }
  return rows;
}

/** Where the next page that was asked for starts, or the container ends. */
function gapEnd(branch: Branch, page: number): number {
  let end = branch.childCount;
  for (const asked of branch.pages.keys()) {
    if (asked > page) end = Math.min(end, asked * PAGE_SIZE);
  }
  return end;
}
