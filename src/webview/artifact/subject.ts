import { VIEW_IDS } from "../../protocol/artifact.ts";
import type { ViewId } from "../../protocol/artifact.ts";
import { isPicture } from "../../protocol/nodes.ts";
import type { DocumentState, Look, NodePath, NodeRow } from "../../protocol/nodes.ts";
import type { FirstCells, TableFacts } from "../../protocol/table.ts";

export type { ViewId } from "../../protocol/artifact.ts";

/** The part of the value that is looked at. */
export interface Subject {
  readonly path: NodePath;
  readonly row: NodeRow;
  /** What it is like as rows and columns, where it has some. */
  readonly table?: TableFacts;
  /** The cells that came with it, in its own order. */
  readonly first?: FirstCells;
}

/** The whole value as what is looked at. @param first the cells that came with it */
export function wholeOf({ root, table }: DocumentState, first: FirstCells | undefined): Subject {
  return {
    path: [],
    row: root,
    ...(table !== undefined && { table }),
    ...(first !== undefined && { first }),
  };
}

/** Whether a way to look suits a subject. */
const FITS: Readonly<Record<ViewId, (subject: Subject) => boolean>> = {
  page: ({ row }) => has(row, "html") || has(row, "markdown"),
  text: ({ row }) => row.family === "text" && row.type === "str" && (row.more || row.looks !== undefined),
  grid: ({ table }) => table !== undefined,
  statistics: ({ table }) => table !== undefined && table.columnCount > 0,
  image: ({ row }) => has(row, "image"),
  heatmap: ({ row }) => has(row, "heatmap"),
  plot: ({ row }) => has(row, "plot"),
  // A text or bytes have no parts: their one row says less than the others do.
  tree: ({ row, path }) => path.length > 0 || row.childCount > 0 || !row.more,
  raw: () => true,
};

/** The ways to look that suit a subject, the best one first. */
export function viewsOf(subject: Subject): readonly ViewId[] {
  return VIEW_IDS.filter((id) => FITS[id](subject));
}

function has({ looks }: NodeRow, look: Look): boolean {
  return looks?.includes(look) === true;
}

/** Drawings: they tell less than the values that they are of, and are chosen by whoever wants them. */
const IS_DRAWN: ReadonlySet<ViewId> = new Set<ViewId>(["image", "heatmap", "plot"]);

/** The way to look that suits a subject best. */
export function firstView(subject: Subject): ViewId {
  if (isPicture(subject.row)) return "image";
  return viewsOf(subject).find((id) => !IS_DRAWN.has(id)) ?? "tree";
}
