import { LRUCache } from "lru-cache";
import type { IoOptions } from "../../base/io.ts";
import { MetaflowError } from "../errors.ts";
import type { PathComponents } from "../pathspec.ts";
import { isBroken, type ArtifactRecord, type ObjectRecord } from "../records.ts";
import type { Session } from "../session.ts";
import { readValue } from "../values.ts";
import { parseGraph, type Graph } from "./graph.ts";

/** The names of a run's first and last step. */
export interface Endpoints {
  readonly start: string;
  readonly end: string;
}

const MAX_GRAPHS = 256;
const MAX_RUNS = 100_000;
const DEFAULT: Endpoints = { start: "start", end: "end" };

// Runs of one code have one graph, stored once: its key is its hash. A run's endpoints never change once they are recorded.
const graphs = new LRUCache<string, Promise<Graph>>({ max: MAX_GRAPHS });
const endpointsOfRuns = new WeakMap<Session, LRUCache<string, Endpoints>>();

/**
 * The names of a run's first and last step: recorded with its parameters (Metaflow >= 2.19.23); where a resume did not copy those, in
 * its graph (deviation 8 of the client's contract); else Metaflow's own.
 */
export async function endpointsOf(session: Session, run: PathComponents, io?: IoOptions): Promise<Endpoints> {
  let known = endpointsOfRuns.get(session);
  if (known === undefined)
    endpointsOfRuns.set(session, (known = new LRUCache({ maxSize: MAX_RUNS, sizeCalculation: () => 1 })));
  const key = run.join("/");
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const parameters = await newestTask(session, [...run, "_parameters"], io);
  if (parameters === undefined) return DEFAULT; // Not kept: the run may be just starting.
  const endpoints =
    (await recordedEndpoints(session, parameters.path, io)) ??
    (await graphEndpoints(session, parameters.path, io));
  if (endpoints === undefined) return DEFAULT;
  known.set(key, endpoints);
  return endpoints;
}

async function recordedEndpoints(
  session: Session,
  task: PathComponents,
  io?: IoOptions,
): Promise<Endpoints | undefined> {
  const metadata = await session.provider.taskMetadata(task, ["start_step", "end_step"], io);
  const valueOf = (field: string): string | undefined => {
    const value = metadata.findLast(({ name }) => name === field)?.value;
    return typeof value === "string" ? value : undefined;
  };
  const end = valueOf("end_step");
  return end === undefined ? undefined : { start: valueOf("start_step") ?? DEFAULT.start, end };
}

async function graphEndpoints(
  session: Session,
  task: PathComponents,
  io?: IoOptions,
): Promise<Endpoints | undefined> {
  try {
    const graph = await graphOfTask(session, task, undefined, io);
    return graph && { start: graph.startStep, end: graph.endStep };
  } catch (cause) {
    if (!(cause instanceof MetaflowError)) throw cause;
    return undefined; // A graph that is damaged or elsewhere: Metaflow's own names are what Python would use, too.
  }
}

/** The graph that a run recorded, `undefined` for runs before Metaflow 2.4.9 and while nothing is recorded. */
export async function graphOfRun(
  session: Session,
  run: PathComponents,
  io?: IoOptions,
): Promise<Graph | undefined> {
  const parameters = await newestTask(session, [...run, "_parameters"], io);
  return parameters && graphOfTask(session, parameters.path, undefined, io);
}

/** The graph among a task's artifacts. */
export async function graphOfTask(
  session: Session,
  task: PathComponents,
  attempt?: number,
  io?: IoOptions,
): Promise<Graph | undefined> {
  const record = await session.provider.artifact(task, "_graph_info", attempt, io);
  if (record === undefined) return undefined;
  const known = graphs.get(record.sha);
  if (known !== undefined) return known;
  const reading = readGraph(session, record);
  graphs.set(record.sha, reading);
  reading.catch(() => graphs.delete(record.sha));
  return reading;
}

// Without the caller's signal: others may wait for the same graph.
async function readGraph(session: Session, record: ArtifactRecord): Promise<Graph> {
  return parseGraph(await readValue(session, record));
}

/** The newest task of a step: the one that `Step.task` answers with. */
export async function newestTask(
  session: Session,
  step: PathComponents,
  io?: IoOptions,
): Promise<ObjectRecord | undefined> {
  for await (const task of session.provider.children(step, { expected: 1 }, io))
    if (!isBroken(task)) return task;
  return undefined;
}
