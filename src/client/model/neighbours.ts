import type { IoOptions } from "../../base/io.ts";
import { MetaflowInternalError, MetaflowKeyError } from "../errors.ts";
import type { PathComponents } from "../pathspec.ts";
import { isBroken } from "../records.ts";
import type { Session } from "../session.ts";
import { unchecked, type ObjectContext } from "./context.ts";
import { graphOfTask } from "./endpoints.ts";
import type { Graph } from "./graph.ts";
import { fits, FOREACH_PATH, type Neighbours } from "./lineage.ts";
import type { Task } from "./task.ts";

/** Where a task stands in its run: the graph, and its way through the foreaches. Throws MetaflowKeyError for runs without a recorded graph. */
export async function pathOf(
  session: Session,
  task: PathComponents,
  attempt: number | undefined,
  metadata: ReadonlyMap<string, unknown>,
  io?: IoOptions,
): Promise<{ graph: Graph; path: string | undefined }> {
  const graph = await graphOfTask(session, task, attempt, io);
  if (graph === undefined) throw new MetaflowKeyError("_graph_info", { pathspec: task.join("/") });
  const path = metadata.get(FOREACH_PATH);
  return { graph, path: typeof path === "string" ? path : undefined };
}

/** The pathspecs of the tasks that match. Python: `filter_tasks_by_metadata`. */
export async function* matchingTasks(
  session: Session,
  task: PathComponents,
  { steps, pattern }: Neighbours,
  io?: IoOptions,
): AsyncIterable<string> {
  const [flow = "", run = ""] = task;
  const { provider } = session;
  for (const step of steps) {
    if (provider.filterTasks !== undefined) {
      const matching = await provider.filterTasks([flow, run, step], FOREACH_PATH, pattern, io);
      if (matching === undefined) {
        throw new MetaflowInternalError(
          "The version of metadata service deployed currently does not support filtering tasks by metadata. " +
            "Upgrade Metadata service to version 2.5.0 or greater to use this feature.",
        );
      }
      yield* matching;
      continue;
    }
    for await (const candidate of session.provider.children([flow, run, step], undefined, io)) {
      if (isBroken(candidate)) continue;
      if (pattern === ".*" || (await matches(session, candidate.path, pattern, io)))
        yield candidate.path.join("/");
    }
  }
}

async function matches(
  session: Session,
  task: PathComponents,
  pattern: string,
  io?: IoOptions,
): Promise<boolean> {
  const paths = await session.provider.taskMetadata(task, [FOREACH_PATH], io);
  return paths.some(({ value }) => typeof value === "string" && fits(pattern, value));
}

/** The tasks of these pathspecs, in any namespace. */
export async function* openTasks(
  context: ObjectContext,
  pathspecs: readonly string[],
  io?: IoOptions,
): AsyncIterable<Task> {
  for (const pathspec of pathspecs) {
    yield await context.make.openTask(pathspec.split("/"), unchecked(context), undefined, io);
  }
}
