import { PAGE_SIZE } from "../../../protocol/nodes.ts";
import type { NodePage, NodePath, NodeRow, Problem } from "../../../protocol/nodes.ts";

/** One page of a container's children. */
export type PageState =
  | { readonly kind: "loading" }
  | { readonly kind: "loaded"; readonly rows: readonly NodeRow[] }
  | { readonly kind: "failed"; readonly problem: Problem };

/** A container that was opened once; closing it keeps its pages. */
export interface Branch {
  readonly expanded: boolean;
  readonly childCount: number;
  readonly pages: ReadonlyMap<number, PageState>;
}

/** The value and what of it was opened. Never changed in place: each function gives a new one. */
export interface Tree {
  readonly root: NodeRow;
  /** By {@link keyOf} the path. */
  readonly branches: ReadonlyMap<string, Branch>;
}

/** One page of the children of the container at a path. */
export interface PageOf {
  readonly path: NodePath;
  readonly page: number;
}

interface Placed {
  /** Names the row among the visible ones; stable while the tree grows. */
  readonly key: string;
  /** Of the value itself, or for the rows that stand for children: of the container. */
  readonly path: NodePath;
  /** Counted from 1, as `aria-level` is. */
  readonly level: number;
  /** Of the row among its siblings, counted from 1; for a row that stands for many, of the first of them. */
  readonly position: number;
  /** How many siblings there are, shown or not. */
  readonly setSize: number;
}
/** A value. */
export interface ValueRow extends Placed {
  readonly kind: "value";
  readonly row: NodeRow;
  /** `undefined` for what cannot be opened. */
  readonly expanded: boolean | undefined;
  /** Where the same object stands already, above this row. */
  readonly link: { readonly path: NodePath; readonly cyclic: boolean } | undefined;
}
/** Children `from` to `to` (excluded) that nobody has asked for yet. */
export interface GapRow extends Placed {
  readonly kind: "gap";
  readonly from: number;
  readonly to: number;
}
/** A page of children that is under way. */
export interface WaitingRow extends Placed {
  readonly kind: "loading";
  readonly page: number;
}
/** A page of children that could not be read, and why. */
export interface FailedRow extends Placed {
  readonly kind: "failed";
  readonly page: number;
  readonly problem: Problem;
}
/** What a row of the tree can be. */
export type TreeRow = ValueRow | GapRow | WaitingRow | FailedRow;

/** Names the row of a value. */
export function keyOf(path: NodePath): string {
  return path.join("/");
}

/** Names the row that stands for the children from a position on that nobody has asked for. */
export function gapKey(path: NodePath, from: number): string {
  return `${keyOf(path)}+${from}`;
}

/** Names the row that stands for a page that is under way or failed. */
export function pageKey(path: NodePath, page: number): string {
  return `${keyOf(path)}?${page}`;
}

/** The tree of a value of which nothing was opened. */
export function newTree(root: NodeRow): Tree {
  return { root, branches: new Map() };
}

/** The value at a path, as far as it was loaded. */
export function rowAt(tree: Tree, path: NodePath): NodeRow | undefined {
  const position = path.at(-1);
  if (position === undefined) return tree.root;
  const page = tree.branches.get(keyOf(path.slice(0, -1)))?.pages.get(Math.floor(position / PAGE_SIZE));
  return page?.kind === "loaded" ? page.rows[position % PAGE_SIZE] : undefined;
}

/** Opens a container; the first page is to be asked for unless it is there. What is a leaf, or contains itself here, stays closed. */
export function expand(tree: Tree, path: NodePath): Tree {
  const row = rowAt(tree, path);
  if (row === undefined || row.childCount === 0 || isCyclic(tree, path, row)) return tree;
  const branch = tree.branches.get(keyOf(path));
  const opened = branch ?? {
    childCount: row.childCount,
    pages: new Map<number, PageState>(),
    expanded: true,
  };
  return withBranch(tree, path, { ...opened, expanded: true });
}

/** Closes a container; its pages are kept. */
export function collapse(tree: Tree, path: NodePath): Tree {
  const branch = tree.branches.get(keyOf(path));
  return branch === undefined ? tree : withBranch(tree, path, { ...branch, expanded: false });
}

/** Marks a page as asked for. */
export function asking(tree: Tree, path: NodePath, page: number): Tree {
  return withPage(tree, path, page, { kind: "loading" });
}

/** Puts in a page that has arrived. A container that was found longer meanwhile is longer from now on. */
export function arrived(tree: Tree, path: NodePath, page: NodePage): Tree {
  const put = withPage(tree, path, Math.floor(page.from / PAGE_SIZE), { kind: "loaded", rows: page.rows });
  const branch = put.branches.get(keyOf(path));
  return branch === undefined ? put : withBranch(put, path, { ...branch, childCount: page.childCount });
}

/** Marks a page as one that could not be read. */
export function failed(tree: Tree, path: NodePath, page: number, problem: Problem): Tree {
  return withPage(tree, path, page, { kind: "failed", problem });
}

/** Forgets a page, so that it can be asked for again. */
export function forgetPage(tree: Tree, path: NodePath, page: number): Tree {
  const branch = tree.branches.get(keyOf(path));
  if (branch === undefined) return tree;
  const pages = new Map(branch.pages);
  pages.delete(page);
  return withBranch(tree, path, { ...branch, pages });
}

/** Takes a newer description of the root, which grows while the value is read. */
export function withRoot(tree: Tree, root: NodeRow): Tree {
  const branch = tree.branches.get("");
  const grown =
    branch === undefined ? tree : withBranch(tree, [], { ...branch, childCount: root.childCount });
  return { ...grown, root };
}

/** The loaded pages of open containers that now have more rows than when they were read. */
export function outgrown(tree: Tree): readonly PageOf[] {
  return loadedPages(
    tree,
    (branch, page, rows) => rows.length < Math.min(PAGE_SIZE, branch.childCount - page * PAGE_SIZE),
  );
}

/** All loaded pages of open containers: to be read anew once the value is whole, because a row may have grown since. */
export function allLoaded(tree: Tree): readonly PageOf[] {
  return loadedPages(tree, () => true);
}

/** Forgets what is closed, so that it is read anew when it is opened. */
export function forgetClosed(tree: Tree): Tree {
  return { ...tree, branches: new Map([...tree.branches].filter(([, branch]) => branch.expanded)) };
}

/** The open containers with their loaded pages, containers before what they contain: enough to open them again. */
export function openPaths(tree: Tree): { readonly path: NodePath; readonly pages: readonly number[] }[] {
  return [...tree.branches]
    .filter(([, branch]) => branch.expanded)
    .map(([key, branch]) => ({ path: pathOf(key), pages: [...branch.pages.keys()].sort((a, b) => a - b) }))
    .sort((a, b) => a.path.length - b.path.length);
}

/** Whether one of the containers that a value lies in is that value. */
export function isCyclic(tree: Tree, path: NodePath, row: NodeRow): boolean {
  if (row.childCount === 0) return false;
  return path.some((_, depth) => rowAt(tree, path.slice(0, depth))?.id === row.id);
}

function loadedPages(
  tree: Tree,
  wanted: (branch: Branch, page: number, rows: readonly NodeRow[]) => boolean,
): readonly PageOf[] {
  return [...tree.branches].flatMap(([key, branch]) =>
    !branch.expanded
      ? []
      : [...branch.pages]
          .filter(([page, state]) => state.kind === "loaded" && wanted(branch, page, state.rows))
          .map(([page]) => ({ path: pathOf(key), page })),
  );
}

function withPage(tree: Tree, path: NodePath, page: number, state: PageState): Tree {
  const branch = tree.branches.get(keyOf(path));
  // A container that was forgotten while its page was under way.
  if (branch === undefined) return tree;
  return withBranch(tree, path, { ...branch, pages: new Map(branch.pages).set(page, state) });
}

function withBranch(tree: Tree, path: NodePath, branch: Branch): Tree {
  return { ...tree, branches: new Map(tree.branches).set(keyOf(path), branch) };
}

function pathOf(key: string): NodePath {
  return key === "" ? [] : key.split("/").map(Number);
}
