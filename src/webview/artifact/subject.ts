import { VIEW_IDS } from "../../protocol/artifact.ts";
import type { ViewId } from "../../protocol/artifact.ts";
import type { NodePath, NodeRow } from "../../protocol/nodes.ts";
import type { TableFacts } from "../../protocol/table.ts";

export type { ViewId } from "../../protocol/artifact.ts";

/** The part of the value that is looked at. */
export interface Subject {
  readonly path: NodePath;
  readonly row: NodeRow;
  /** What it is like as rows and columns, where it has some. */
  readonly table?: TableFacts;
}

/** Whether a way to look suits a subject. */
const FITS: Readonly<Record<ViewId, (subject: Subject) => boolean>> = {
  grid: ({ table }) => table !== undefined,
  statistics: ({ table }) => table !== undefined && table.columnCount > 0,
  tree: () => true,
};

/** The ways to look that suit a subject, the best one first. */
export function viewsOf(subject: Subject): readonly ViewId[] {
  return VIEW_IDS.filter((id) => FITS[id](subject));
}

/** The way to look that suits a subject best. */
export function firstView(subject: Subject): ViewId {
  return viewsOf(subject)[0] ?? "tree";
}
