import { MetaflowNotFound } from "../../client/errors.ts";
import type { Target } from "../targets.ts";
import { t } from "../text.ts";
import type { Branches } from "./branches.ts";
import type { Row } from "./row.ts";
import { FlowRow } from "./rows/flow.ts";
import { GroupRow } from "./rows/group.ts";
import type { RootRow } from "./rows/root.ts";

/**
 * The row of an object, with all rows above it read. A flow that the filter hides and a run older than those listed are listed from
 * then on. Throws MetaflowNotFound when the object has no row.
 */
export async function findRow(target: Target, root: RootRow, branches: Branches): Promise<Row> {
  const [flow = "", run] = target.pathspec.split("/");
  let rows = await branches.children(root);
  if (!rows.some((row) => row instanceof FlowRow && row.name === flow)) {
    root.pin(flow);
    branches.invalidate(root);
    rows = await branches.children(root);
  }
  for (;;) {
    const found = rows.find((row) => row.shows(target));
    if (found !== undefined) return found;
    const next = rows.find((row) => row.leadsTo(target));
    if (next === undefined) {
      throw new MetaflowNotFound(t("{0} has no row in the sidebar", target.pathspec), {
        pathspec: target.pathspec,
      });
    }
    rows = await branches.children(next);
    rows = await withFurtherPages(target, next, rows, branches);
    if (next instanceof FlowRow && run !== undefined) rows = await withRun(next, rows, run, branches);
  }
}

/** The flow's rows with a run among them that may be older than the pages listed. */
async function withRun(
  flow: FlowRow,
  rows: readonly Row[],
  run: string,
  branches: Branches,
): Promise<readonly Row[]> {
  if (flow.runs.some((row) => row.run.id === run)) return rows;
  flow.pin(run);
  branches.invalidate(flow);
  return branches.children(flow);
}

/** The rows of a group of tasks, page by page until the object is among them. */
async function withFurtherPages(
  target: Target,
  list: Row,
  rows: readonly Row[],
  branches: Branches,
): Promise<readonly Row[]> {
  let all = rows;
  while (list instanceof GroupRow && !all.some((row) => row.shows(target) || row.leadsTo(target))) {
    const more = await branches.loadMore(list);
    if (more.length === all.length) break;
    all = more;
  }
  return all;
}
