import { MetaflowKeyError } from "../errors.ts";
import { previousSteps, type Graph, type GraphStep } from "./graph.ts";

/** Which tasks of which steps are next to a task: those whose foreach path matches. */
export interface Neighbours {
  readonly steps: readonly string[];
  /** The `foreach-execution-path` of those tasks: `.*` is every task, with or without a path; with `,.*` behind it all that lie deeper. */
  readonly pattern: string;
}

/** The metadata field that holds a task's way through the foreaches: `work:0,inner:1` (Metaflow >= 2.14.1). */
export const FOREACH_PATH = "foreach-execution-path";

/** The tasks that a task of `step` with this foreach path came from. Python: `Task.parent_task_pathspecs`. */
export function parentsOf(graph: Graph, step: string, path: string | undefined): Neighbours {
  const own = nodeOf(graph, step);
  const steps = previousSteps(graph, step);
  if (steps.length > 1) return { steps, pattern: pathOrAll(path) };
  if (!path || steps[0] === undefined) return { steps, pattern: ".*" };
  if (own.type === "join") return { steps, pattern: `${path},.*` };
  return { steps, pattern: splits(nodeOf(graph, steps[0])) ? outer(path) : path };
}

/** The tasks that a task of `step` with this foreach path led to. Python: `Task.child_task_pathspecs`. */
export function childrenOf(graph: Graph, step: string, path: string | undefined): Neighbours {
  const own = nodeOf(graph, step);
  const steps = own.next;
  if (steps.length > 1) return { steps, pattern: pathOrAll(path) };
  if (!path || steps[0] === undefined) return { steps, pattern: ".*" };
  if (splits(own)) return { steps, pattern: `${path},.*` };
  // A join with several parent steps joins branches; only one that has a single parent closes a foreach.
  const closes = nodeOf(graph, steps[0]).type === "join" && previousSteps(graph, steps[0]).length <= 1;
  return { steps, pattern: closes ? outer(path) : path };
}

function nodeOf(graph: Graph, step: string): GraphStep {
  const node = graph.steps.get(step);
  if (node === undefined) throw new MetaflowKeyError(step);
  return node;
}

function splits(step: GraphStep): boolean {
  return step.type === "split-foreach" || step.type === "split-parallel";
}

function pathOrAll(path: string | undefined): string {
  return path === undefined || path === "" ? ".*" : path;
}

/** The path without its innermost foreach; outside of the outermost one that is every task. */
function outer(path: string): string {
  const frames = path.split(",");
  return frames.length === 1 ? ".*" : frames.slice(0, -1).join(",");
}

/** Whether a foreach path fits a pattern of `Neighbours`. Metaflow takes the pattern for a regular expression; a path has no characters that mean something in one. */
export function fits(pattern: string, path: string): boolean {
  if (pattern === ".*") return true;
  return pattern.endsWith(",.*") ? path.startsWith(pattern.slice(0, -2)) : path === pattern;
}
