import type { IoOptions } from "../../base/io.ts";
import { MetaflowError } from "../errors.ts";
import type { PathComponents } from "../pathspec.ts";
import { isBroken, type ArtifactRecord, type ObjectRecord } from "../records.ts";
import type { Session } from "../session.ts";
import { SessionCache } from "../sessionCache.ts";
import { readValue } from "../values.ts";
import { parseGraph, type Graph } from "./graph.ts";

const MAX_GRAPHS = 256;
const MAX_RUNS = 100_000;
/** Which end of a run: also Metaflow's own name of the step there. */
export type Endpoint = "start" | "end";

// Runs of one code have one graph, stored once: its key is its hash. A run's endpoints never change once they are recorded.
const graphs = new SessionCache<Promise<Graph>>(MAX_GRAPHS);
const graphsOfRuns = new SessionCache<Graph>(MAX_RUNS);
const names = new SessionCache<string>(MAX_RUNS);

/**
 * The first or last step of a run; `undefined` while it does not exist.
 *
 * A step that has Metaflow's own name is it: its linter refuses that name beside another step that is annotated as start or end. So what the run
 * recorded of its endpoints is read only where there is no such step.
 */
export async function endpointOf(
  session: Session,
  run: PathComponents,
  which: Endpoint,
  io?: IoOptions,
): Promise<ObjectRecord | undefined> {
  const { provider } = session;
  const usual = await provider.record([...run, which], io);
  if (usual !== undefined) return usual;
  const name = await recordedName(session, run, which, io);
  return name === undefined || name === which ? undefined : provider.record([...run, name], io);
}

/**
 * The name of the first or last step as it was recorded with the run's parameters (Metaflow >= 2.19.23). A resume does not copy it: the last one is
 * then told by the run's graph (deviation 8 of the client's contract), and where that is on another machine, by the run that was resumed.
 */
async function recordedName(
  session: Session,
  run: PathComponents,
  which: Endpoint,
  io?: IoOptions,
): Promise<string | undefined> {
  const known = names.of(session);
  const key = [...run, which].join("/");
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const parameters = await newestTask(session, [...run, "_parameters"], io);
  if (parameters === undefined) return undefined; // Not kept, as below: the run may be just starting.
  const entries = await session.provider.taskMetadata(parameters.path, [`${which}_step`], io);
  const recorded = entries.at(-1)?.value;
  const name = typeof recorded === "string" ? recorded : await unrecordedName(session, parameters, which, io);
  if (name !== undefined) known.set(key, name);
  return name;
}

async function unrecordedName(
  session: Session,
  { path }: ObjectRecord,
  which: Endpoint,
  io?: IoOptions,
): Promise<string | undefined> {
  // Python takes Metaflow's own names; only how a run ended is told otherwise here.
  if (which === "start") return undefined;
  return (await graphEnd(session, path, io)) ?? (await originEnd(session, path.slice(0, 2), io));
}

async function graphEnd(session: Session, task: PathComponents, io?: IoOptions): Promise<string | undefined> {
  try {
    return (await graphOfTask(session, task, undefined, io))?.endStep;
  } catch (cause) {
    if (!(cause instanceof MetaflowError)) throw cause;
    return undefined; // A graph that is damaged or elsewhere: Metaflow's own names are what Python would use, too.
  }
}

async function originEnd(session: Session, run: PathComponents, io?: IoOptions): Promise<string | undefined> {
  const [flow = "", id] = run;
  for await (const step of session.provider.children(run, { expected: 2 }, io)) {
    // Of the parameters' task no origin is recorded.
    if (isBroken(step) || step.path.at(-1) === "_parameters") continue;
    const task = await newestTask(session, step.path, io);
    if (task === undefined) continue;
    const entries = await session.provider.taskMetadata(task.path, ["origin-run-id"], io);
    const origin = entries.at(-1)?.value;
    // Ordinary runs record the text "None".
    const isResumed = typeof origin === "string" && origin !== "None" && origin !== id;
    return isResumed ? recordedName(session, [flow, origin], "end", io) : undefined;
  }
  return undefined;
}

/**
 * The graph that a run recorded, `undefined` for runs before Metaflow 2.4.9 and while nothing is recorded.
 * @param parameters the task that recorded it, where that is known
 */
export async function graphOfRun(
  session: Session,
  run: PathComponents,
  io?: IoOptions,
  parameters?: PathComponents,
): Promise<Graph | undefined> {
  const known = graphsOfRuns.of(session);
  const key = run.join("/");
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const task = parameters ?? (await newestTask(session, [...run, "_parameters"], io))?.path;
  const graph = task && (await graphOfTask(session, task, undefined, io));
  if (graph !== undefined) known.set(key, graph);
  return graph;
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
  const graphsHere = graphs.of(session);
  const known = graphsHere.get(record.sha);
  if (known !== undefined) return known;
  const reading = readGraph(session, record);
  graphsHere.set(record.sha, reading);
  reading.catch(() => graphsHere.delete(record.sha));
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
