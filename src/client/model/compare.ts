import { mapLimited } from "../../base/async.ts";
import type { IoOptions } from "../../base/io.ts";
import type { Session } from "../session.ts";
import type { DataArtifact } from "./artifact.ts";
import {
  COMPARED_FIELDS,
  codeOf,
  environmentOf,
  pairTasks,
  spanOf,
  tagsByName,
  type SeenTask,
} from "./comparedTasks.ts";
import { metadataReader } from "./metadataReader.ts";
import type { Run } from "./run.ts";
import type { Task } from "./task.ts";

/** Something that two runs do not have alike; `undefined` on the side that does not have it. */
export interface Difference<T> {
  /** What it is called on both sides. */
  readonly name: string;
  /** What the first run has. */
  readonly left: T | undefined;
  /** What the other run has. */
  readonly right: T | undefined;
}

/** What differs of one kind of thing, and how much does not. */
export interface Compared<D> {
  /** What differs, in the order of the first run. */
  readonly different: readonly D[];
  /** How many are the same on both sides. */
  readonly equal: number;
}

/** An artifact that differs by its SHA, with the tasks that hold it. */
export interface ArtifactDifference extends Difference<DataArtifact> {
  /** The name of the step. */
  readonly step: string;
  /** The two tasks, which belong together by their step and their indices. */
  readonly tasks: { readonly left: Task; readonly right: Task };
  /** An earlier step has the same two values under this name: there they came about. */
  readonly inherited: boolean;
}

/** A task that only one of the runs has. */
export interface TaskDifference extends Difference<Task> {
  /** The name of the step. */
  readonly step: string;
}

/** How long a step took, from the start of its first task to the end of its last; in milliseconds. */
export interface StepDurations extends Difference<number> {
  /** A side whose tasks were cloned by a resume: nothing was computed there. */
  readonly cloned: { readonly left: boolean; readonly right: boolean };
}

/** What differs between two runs, told by records alone: values with the same SHA are the same bytes. */
export interface RunComparison {
  /** The run that was asked. */
  readonly left: Run;
  /** The run that it was compared with. */
  readonly right: Run;
  /** Parameters and constants: the public artifacts of `_parameters`. */
  readonly parameters: Compared<Difference<DataArtifact>>;
  /** All other public artifacts, task by task, in the order of the steps. */
  readonly artifacts: Compared<ArtifactDifference>;
  /** Tasks of a step or of a foreach's index that only one run has. */
  readonly tasks: Compared<TaskDifference>;
  /** The SHA of the code package; where no package was kept nothing is known. */
  readonly code: Compared<Difference<string>>;
  /** Versions, runtime, user, project and what else a run's system tags and its tasks' metadata tell of where it ran. */
  readonly environment: Compared<Difference<string>>;
  /** User tags. */
  readonly tags: Compared<Difference<string>>;
  /** By step, in the order of their start. */
  readonly durations: readonly StepDurations[];
}

const PARALLEL_TASKS = 64;
const PARAMETERS = "_parameters";
/** The flow's name, which every task has among its artifacts. */
const NAME = "name";

/** A run with the session that it was made in: two runs may be of different metadata. */
export interface RunOfSession {
  readonly run: Run;
  readonly session: Session;
}

/** Compares two runs by their records; reads no blob. */
export async function compareRuns(
  { run: left, session: leftSession }: RunOfSession,
  { run: right, session: rightSession }: RunOfSession,
  io?: IoOptions,
): Promise<RunComparison> {
  const [ours, theirs] = await Promise.all([
    readRun(leftSession, left, io),
    readRun(rightSession, right, io),
  ]);
  const parameters = compareMaps(ours.parameters, theirs.parameters, sameArtifact);
  const isParameter = (name: string): boolean => ours.parameters.has(name) || theirs.parameters.has(name);
  const pairs = pairTasks(ours.tasks, theirs.tasks);
  return {
    left,
    right,
    parameters,
    artifacts: await compareArtifacts(pairs.both, isParameter, io),
    tasks: { different: pairs.single.map(asTaskDifference), equal: pairs.both.length },
    code: compareMaps(codeOf(ours.tasks), codeOf(theirs.tasks)),
    environment: compareMaps(
      new Map([...tagsByName(left.systemTags), ...environmentOf(ours.tasks)]),
      new Map([...tagsByName(right.systemTags), ...environmentOf(theirs.tasks)]),
    ),
    tags: compareMaps(keyedByThemselves(left.userTags), keyedByThemselves(right.userTags)),
    durations: durationsOf(ours.tasks, theirs.tasks),
  };
}

interface RunRead {
  readonly parameters: ReadonlyMap<string, DataArtifact>;
  /** In the order of their steps' start, then of their own. */
  readonly tasks: readonly SeenTask[];
}

async function readRun(session: Session, run: Run, io?: IoOptions): Promise<RunRead> {
  const tasks: Task[] = [];
  for await (const step of run.children(undefined, io))
    for await (const task of step.children(undefined, io)) tasks.push(task);
  tasks.reverse(); // Steps and tasks are listed newest first.
  const metadataOf = await metadataReader(session, tasks, COMPARED_FIELDS, io);
  const seen = await mapLimited(tasks, PARALLEL_TASKS, async (task) => ({
    task,
    metadata: await metadataOf(task),
  }));
  return { parameters: await parametersOf(run, io), tasks: seen };
}

async function parametersOf(run: Run, io?: IoOptions): Promise<ReadonlyMap<string, DataArtifact>> {
  if (!(await run.has(PARAMETERS, io))) return new Map();
  const task = await (await run.get(PARAMETERS, io)).task(io);
  return withoutName((await task?.artifacts(io)) ?? new Map<string, DataArtifact>());
}

async function compareArtifacts(
  pairs: readonly { readonly step: string; readonly left: SeenTask; readonly right: SeenTask }[],
  isParameter: (name: string) => boolean,
  io?: IoOptions,
): Promise<Compared<ArtifactDifference>> {
  const compared = await mapLimited(pairs, PARALLEL_TASKS, async ({ step, left, right }) => {
    const tasks = { left: left.task, right: right.task };
    const [ours, theirs] = await Promise.all([tasks.left.artifacts(io), tasks.right.artifacts(io)]);
    const wanted = (all: ReadonlyMap<string, DataArtifact>): ReadonlyMap<string, DataArtifact> =>
      new Map([...withoutName(all)].filter(([name]) => !isParameter(name)));
    return { step, tasks, ...compareMaps(wanted(ours), wanted(theirs), sameArtifact) };
  });
  // The step in which a pair of values was met first, by their hashes.
  const origins = new Map<string, string>();
  const different = compared.flatMap(({ step, tasks, different: own }) =>
    own.map((difference): ArtifactDifference => {
      const key = JSON.stringify([difference.name, difference.left?.sha, difference.right?.sha]);
      const origin = origins.get(key) ?? step;
      origins.set(key, origin);
      return { ...difference, step, tasks, inherited: origin !== step };
    }),
  );
  return { different, equal: compared.reduce((sum, { equal }) => sum + equal, 0) };
}

/** Names in the order of the left side, then those that only the right side has. */
function compareMaps<T>(
  left: ReadonlyMap<string, T>,
  right: ReadonlyMap<string, T>,
  isSame: (a: T, b: T) => boolean = (a, b) => a === b,
): Compared<Difference<T>> {
  const different: Difference<T>[] = [];
  let equal = 0;
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const [ours, theirs] = [left.get(name), right.get(name)];
    if (ours !== undefined && theirs !== undefined && isSame(ours, theirs)) equal += 1;
    else different.push({ name, left: ours, right: theirs });
  }
  return { different, equal };
}

function durationsOf(left: readonly SeenTask[], right: readonly SeenTask[]): readonly StepDurations[] {
  const steps = new Set([...left, ...right].map(({ task }) => task.pathComponents[2] ?? ""));
  const of = (tasks: readonly SeenTask[], step: string): ReturnType<typeof spanOf> =>
    spanOf(tasks.filter(({ task }) => task.pathComponents[2] === step));
  return [...steps].map((name) => {
    const [ours, theirs] = [of(left, name), of(right, name)];
    return {
      name,
      left: ours.durationMs,
      right: theirs.durationMs,
      cloned: { left: ours.cloned, right: theirs.cloned },
    };
  });
}

function asTaskDifference({
  step,
  left,
  right,
}: {
  readonly step: string;
  readonly left?: SeenTask | undefined;
  readonly right?: SeenTask | undefined;
}): TaskDifference {
  const name = (left ?? right)?.task.id ?? "";
  return { name, step, left: left?.task, right: right?.task };
}

function sameArtifact(a: DataArtifact, b: DataArtifact): boolean {
  return a.sha === b.sha;
}

function withoutName(artifacts: ReadonlyMap<string, DataArtifact>): ReadonlyMap<string, DataArtifact> {
  return new Map([...artifacts].filter(([name]) => name !== NAME).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function keyedByThemselves(tags: ReadonlySet<string>): ReadonlyMap<string, string> {
  return new Map([...tags].sort().map((tag) => [tag, tag]));
}
