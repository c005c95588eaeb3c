import { mapLimited } from "../../base/async.ts";
import type { IoOptions } from "../../base/io.ts";
import type { PathComponents } from "../pathspec.ts";
import { isBroken, type MetadataRecord, type ObjectRecord } from "../records.ts";
import type { Session } from "../session.ts";
import { tasksOf } from "./expected.ts";
import { lastValue } from "./metadata.ts";
import { isOver, readSignals, signalFields } from "./signals.ts";
import type { TasksRead } from "./signs.ts";

const PARALLEL_TASKS = 64;
/** One task in so many is asked for by itself: all tasks of a run at once would be much more than is wanted. */
const FEW_OF = 100;
const PARAMETERS = "_parameters";
/** Recorded with the parameters (Metaflow >= 2.19.23). */
const END_STEP = "end_step";
/** What Metaflow writes of a task as soon as there is one. */
const FIRST_FIELD = "runtime";

/** The tasks of a run, with what tells how they stand. */
export interface RunTasks {
  /** By step, in the order in which the steps were started. */
  readonly steps: ReadonlyMap<string, readonly ObjectRecord[]>;
  readonly read: TasksRead;
  /** The name of the last step, where it was recorded beside the tasks. */
  readonly endStep: string | undefined;
  /** The task that recorded the run's parameters and graph, where it is known. */
  readonly parameters: PathComponents | undefined;
}

/** All tasks of a run: by one question where the provider can tell them at once, else step by step and task by task. */
export async function readRunTasks(session: Session, run: ObjectRecord, io?: IoOptions): Promise<RunTasks> {
  const fields = [...signalFields(session), END_STEP, FIRST_FIELD];
  const below = await session.provider.metadataBelow?.(run.path, fields, io);
  if (below !== undefined) return tasksByMetadata(session, run, below, io);
  const steps = await tasksBySteps(session, run, io);
  const read = await readTasks(session, [...steps.values()].flat(), io);
  return { steps, read, endStep: undefined, parameters: undefined };
}

/** What tells how these tasks of one run stand; nothing of those whose status is settled. @param among how many tasks there are, at least */
export async function readTasks(
  session: Session,
  tasks: readonly ObjectRecord[],
  io?: IoOptions,
  among = tasks.length,
): Promise<TasksRead> {
  const open = tasks.filter(({ path }) => !session.settled.has(path.join("/")));
  const isWorthIt = open.length > 1 && open.length * FEW_OF > among;
  const below = isWorthIt ? await readBelow(session, open, io) : undefined;
  if (below !== undefined) return new Map(open.map((task) => [task, below.get(task.path.join("/")) ?? []]));
  const read = await mapLimited(open, PARALLEL_TASKS, async (task) => readSignals(session, task, io));
  return new Map(open.map((task, index) => [task, read[index] ?? []]));
}

/** The same of all tasks of a run at once, where the provider can tell it. */
async function readBelow(
  session: Session,
  tasks: readonly ObjectRecord[],
  io?: IoOptions,
): Promise<ReadonlyMap<string, readonly MetadataRecord[]> | undefined> {
  const [first] = tasks;
  if (first === undefined) return undefined;
  return session.provider.metadataBelow?.(first.path.slice(0, 2), signalFields(session), io);
}

/** The tasks that metadata tell of. Records of their own are read of those alone that are not over: these may have a heartbeat. */
async function tasksByMetadata(
  session: Session,
  run: ObjectRecord,
  below: ReadonlyMap<string, readonly MetadataRecord[]>,
  io?: IoOptions,
): Promise<RunTasks> {
  const tasks = [...below].map(([pathspec, metadata]) => ({
    record: recordOf(run, pathspec, metadata),
    metadata,
  }));
  const parameters = tasks.find(({ record }) => record.path[2] === PARAMETERS);
  const endStep = parameters && lastValue(parameters.metadata, END_STEP);
  const bySteps = new Map<string, typeof tasks>();
  for (const task of tasks.sort((a, b) => a.record.createdAtMs - b.record.createdAtMs)) {
    const step = task.record.path[2] ?? "";
    if (step === PARAMETERS) continue;
    const own = bySteps.get(step);
    if (own === undefined) bySteps.set(step, [task]);
    else own.push(task);
  }
  const steps = new Map<string, readonly ObjectRecord[]>();
  const read = new Map<ObjectRecord, readonly MetadataRecord[]>();
  const withRecords = async ([step, own]: [string, typeof tasks]): Promise<void> => {
    const open = own.filter(({ metadata }) => !isOver(metadata)).map(({ record }) => record);
    const records = await readRecords(session, open, io);
    const current = own.map(({ record, metadata }): [ObjectRecord, readonly MetadataRecord[]] => [
      records.get(record.path.join("/")) ?? record,
      metadata,
    ]);
    for (const [record, metadata] of current) read.set(record, metadata);
    // Last created first, as in a listing.
    steps.set(step, current.map(([record]) => record).reverse());
  };
  for (const step of bySteps.keys()) steps.set(step, []);
  await Promise.all([...bySteps].map(withRecords));
  return {
    steps,
    read,
    endStep: typeof endStep === "string" ? endStep : undefined,
    parameters: parameters?.record.path,
  };
}

/** What stands in a task's record, as far as its metadata tell it. */
function recordOf(
  { startedAtMs, userTags, systemTags }: ObjectRecord,
  pathspec: string,
  metadata: readonly MetadataRecord[],
): ObjectRecord {
  const createdAtMs = metadata[0]?.createdAtMs ?? startedAtMs;
  return { path: pathspec.split("/"), createdAtMs, startedAtMs: createdAtMs, userTags, systemTags };
}

/** The records of these tasks of one step, by pathspec. */
async function readRecords(
  session: Session,
  tasks: readonly ObjectRecord[],
  io?: IoOptions,
): Promise<ReadonlyMap<string, ObjectRecord>> {
  const [first] = tasks;
  if (first === undefined) return new Map();
  const records =
    tasks.length === 1
      ? [await session.provider.record(first.path, io)]
      : await tasksOf(session, first.path.slice(0, 3), io);
  return new Map(
    records.flatMap((record) => (record === undefined ? [] : [[record.path.join("/"), record]])),
  );
}

/** The tasks of a run by step, in the order in which the steps were started. */
async function tasksBySteps(
  session: Session,
  run: ObjectRecord,
  io?: IoOptions,
): Promise<ReadonlyMap<string, readonly ObjectRecord[]>> {
  const steps: ObjectRecord[] = [];
  for await (const step of session.provider.children(run.path, undefined, io)) {
    if (!isBroken(step) && step.path[2] !== PARAMETERS) steps.push(step);
  }
  steps.sort((a, b) => a.startedAtMs - b.startedAtMs);
  const result = new Map<string, readonly ObjectRecord[]>();
  for (const step of steps) result.set(step.path[2] ?? "", await tasksOf(session, step.path, io));
  return result;
}
