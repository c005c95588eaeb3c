import { MetaflowInternalError } from "../errors.ts";

/** One step of a flow's graph, as the run recorded it (`_graph_info`, Metaflow >= 2.4.9). */
export interface GraphStep {
  /** The name of the step. */
  readonly name: string;
  /** Metaflow's type: `start`, `linear`, `join`, `end`, `split-static`, `split-foreach`, `split-parallel`, `split-switch`. */
  readonly type: string;
  /** The names of the steps that it leads to, in the order of `self.next`. */
  readonly next: readonly string[];
  /** The line of the step's function in the flow's file, where it was recorded. */
  readonly line: number | undefined;
  /** The docstring of the step's function; empty where it has none. */
  readonly doc: string;
  /** The artifact that a foreach iterates over. */
  readonly foreachArtifact: string | undefined;
  /** The step that joins what this one splits. */
  readonly matchingJoin: string | undefined;
  /** In the order of the record. */
  readonly decorators: readonly GraphDecorator[];
}

/** A step decorator with the attributes that the run used, `--with` included. */
export interface GraphDecorator {
  /** Without `@`: `retry`, `resources`. */
  readonly name: string;
  /** By name, as natural JavaScript. */
  readonly attributes: ReadonlyMap<string, unknown>;
}

/** A flow's graph, as a run recorded it. */
export interface Graph {
  /** The file of the flow, as it was called. */
  readonly file: string | undefined;
  /** The name of the first step. */
  readonly startStep: string;
  /** The name of the last step. */
  readonly endStep: string;
  /** In the order of the graph. */
  readonly steps: ReadonlyMap<string, GraphStep>;
  /** The names of the steps as they were recorded: Python answers in this order. */
  readonly recorded: readonly string[];
}

/** Reads the value of a `_graph_info` artifact. Throws MetaflowInternalError when it is none. */
export function parseGraph(value: unknown): Graph {
  if (!(value instanceof Map) || !(value.get("steps") instanceof Map)) {
    throw new MetaflowInternalError("The run's _graph_info is not a graph");
  }
  const raw = value.get("steps") as Map<unknown, unknown>;
  const steps = new Map<string, GraphStep>();
  for (const [name, node] of raw) {
    if (typeof name === "string" && node instanceof Map) steps.set(name, parseStep(name, node));
  }
  const startStep = text(value.get("start_step")) ?? "start";
  const endStep = text(value.get("end_step")) ?? "end";
  return {
    file: text(value.get("file")),
    startStep,
    endStep,
    steps: inGraphOrder(steps, startStep),
    recorded: [...steps.keys()],
  };
}

/** The steps that lead to a step, in the order of the record. */
export function previousSteps(graph: Graph, step: string): string[] {
  return graph.recorded.filter((name) => graph.steps.get(name)?.next.includes(step));
}

/** Whether a switch in the body of a foreach can lead past a step, so that not every item comes to it. */
export function canBeSkipped(graph: Graph, foreach: string, step: string): boolean {
  const join = graph.steps.get(foreach)?.matchingJoin;
  if (join === undefined) return false;
  const leadsPast = (name: string): boolean =>
    graph.steps.get(name)?.type === "split-switch" &&
    stepsAfter(graph, name, join).has(step) &&
    stepsAfter(graph, name, step).has(join);
  return [...stepsAfter(graph, foreach, join)].some(leadsPast);
}

/** Whether a switch can lead back to a step, so that there may be any number of its tasks. */
export function canBeRepeated(graph: Graph, step: string): boolean {
  return stepsAfter(graph, step).has(step);
}

/** The steps that one leads to, however far, but for those behind `barrier`. */
function stepsAfter(graph: Graph, from: string, barrier?: string): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = [...(graph.steps.get(from)?.next ?? [])];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (name === barrier || found.has(name)) continue;
    found.add(name);
    queue.push(...(graph.steps.get(name)?.next ?? []));
  }
  return found;
}

/**
 * The innermost foreach that is open around a step: found by walking the graph with the stack of open foreaches;
 * `"unknown"` for a step that the graph does not lead to.
 */
export function enclosingForeach(graph: Graph, wanted: string): string | undefined {
  const queue: { name: string; open: readonly string[] }[] = [{ name: graph.startStep, open: [] }];
  const seen = new Set<string>();
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const node = graph.steps.get(at.name);
    if (node === undefined || seen.has(at.name)) continue;
    seen.add(at.name);
    const closes = node.type === "join" && graph.steps.get(at.open.at(-1) ?? "")?.matchingJoin === at.name;
    const open = closes ? at.open.slice(0, -1) : at.open;
    if (at.name === wanted) return open.at(-1);
    const opens = node.type === "split-foreach" || node.type === "split-parallel";
    for (const next of node.next) queue.push({ name: next, open: opens ? [...open, at.name] : open });
  }
  return "unknown";
}

/** How often a step's task may be tried again: the times of `@retry`, and up to three fallbacks of `@catch`. */
export function retriesOf(step: GraphStep | undefined): number {
  let retries = 0;
  for (const { name, attributes } of step?.decorators ?? []) {
    if (name === "retry") retries += Number(attributes.get("times") ?? 3);
    if (name === "catch") retries += 3;
  }
  return Number.isFinite(retries) ? retries : 0;
}

function parseStep(name: string, node: ReadonlyMap<unknown, unknown>): GraphStep {
  const line = node.get("line");
  const decorators = node.get("decorators");
  return {
    name,
    type: text(node.get("type")) ?? "unknown",
    next: strings(node.get("next")),
    line: typeof line === "number" ? line : undefined,
    doc: text(node.get("doc")) ?? "",
    foreachArtifact: text(node.get("foreach_artifact")),
    matchingJoin: text(node.get("matching_join")),
    decorators: Array.isArray(decorators) ? decorators.flatMap(parseDecorator) : [],
  };
}

function parseDecorator(raw: unknown): GraphDecorator[] {
  const name = raw instanceof Map ? text(raw.get("name")) : undefined;
  if (name === undefined) return [];
  const attributes = new Map<string, unknown>();
  const recorded: unknown = (raw as Map<unknown, unknown>).get("attributes");
  if (recorded instanceof Map) for (const [key, value] of recorded) attributes.set(String(key), value);
  return [{ name, attributes }];
}

/** Every step after all that lead to it, loops aside: the order in which people read a flow. */
function inGraphOrder(steps: ReadonlyMap<string, GraphStep>, start: string): Map<string, GraphStep> {
  const order = depthFirstOrder(steps, start);
  const rest = [...steps.keys()].filter((name) => !order.includes(name));
  return new Map([...order, ...rest].flatMap((name) => pair(steps, name)));
}

function pair(steps: ReadonlyMap<string, GraphStep>, name: string): [string, GraphStep][] {
  const step = steps.get(name);
  return step === undefined ? [] : [[name, step]];
}

/** Reverse post-order, with an own stack: a hostile record must not run out of the thread's. */
function depthFirstOrder(steps: ReadonlyMap<string, GraphStep>, start: string): string[] {
  const done: string[] = [];
  const seen = new Set([start]);
  const stack = [{ name: start, next: [...(steps.get(start)?.next ?? [])] }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    // From the last branch to the first, so that the first one comes first in the end.
    const next = top.next.pop();
    if (next === undefined) {
      done.push(top.name);
      stack.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      stack.push({ name: next, next: [...(steps.get(next)?.next ?? [])] });
    }
  }
  return done.reverse();
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
