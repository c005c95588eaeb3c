import { mapLimited } from "../../base/async.ts";
import type { IoOptions } from "../../base/io.ts";
import type { DataArtifact, Metaflow, Task } from "../../client/index.ts";
import { whyAway } from "../outOfReach.ts";
import { MetaflowKeyError, MetaflowNotFound } from "../../client/errors.ts";

/** Tasks that are looked at together, and in all of one step: before a join there may be thousands. */
const AT_ONCE = 16;
const MOST_TASKS = 100;
/** The newest runs that are looked at, and tasks in each. */
const MOST_RUNS = 50;
export const MOST_TASKS_OF_RUN = 20;

/** Where the bytes of an artifact came from. */
export interface Origin {
  /** The artifact of the first task on the way to it that has the same SHA: the artifact itself, where its task made it. */
  readonly first: DataArtifact;
  /** The artifact of the run that was resumed, where the first task was not run but taken over. */
  readonly resumedFrom?: string;
}

/** Goes back from task to task as long as they have the same artifact with the same SHA. A parameter comes from the run's own task. */
export async function originOf(metaflow: Metaflow, artifact: DataArtifact, io: IoOptions): Promise<Origin> {
  let first = artifact;
  for (
    let next = await before(metaflow, first, io);
    next !== undefined;
    next = await before(metaflow, first, io)
  )
    first = next;
  const resumedFrom = await first.originPathspec(io);
  return { first, ...(resumedFrom !== undefined && { resumedFrom }) };
}

/** An artifact of another run that has the same SHA, a run that cannot be read, or how many of the runs were looked at. */
export type Found =
  | { readonly artifact: DataArtifact }
  | { readonly unreadable: string; readonly error: unknown }
  | { readonly runs: number; readonly of: number };

/** The artifacts of the same step and name, and of the same SHA, in the newest other runs of the flow. Throws where nothing at all can be read. */
export async function* sameIn(
  metaflow: Metaflow,
  artifact: DataArtifact,
  io: IoOptions,
): AsyncGenerator<Found, void, undefined> {
  const [flow = "", own = "", step = ""] = artifact.pathComponents;
  const { items } = await (await metaflow.flow(flow, io)).page({ limit: MOST_RUNS }, io);
  const runs = items.filter(({ id }) => id !== own);
  for (const [index, run] of runs.entries()) {
    try {
      const tasks = await thereOf(async () => {
        const page = await (await run.get(step, io)).page({ limit: MOST_TASKS_OF_RUN }, io);
        return page.items;
      });
      const found = await sameOf(tasks ?? [], artifact, io);
      if (found !== undefined) yield { artifact: found };
    } catch (error) {
      // Of a service that is away the others cannot be read either.
      if (io.signal?.aborted === true || whyAway(error) !== undefined) throw error;
      yield { unreadable: run.pathspec, error };
    }
    yield { runs: index + 1, of: runs.length };
  }
}

/** The same artifact of a task that led to its task. */
async function before(
  metaflow: Metaflow,
  artifact: DataArtifact,
  io: IoOptions,
): Promise<DataArtifact | undefined> {
  const [flow = "", run = "", step = ""] = artifact.pathComponents;
  // Python cannot say what led to it either.
  if (step === "_parameters") return undefined;
  const parents: Task[] = [];
  for await (const parent of (await artifact.parent(io)).parentTasks(io))
    if (parents.push(parent) === MOST_TASKS) break;
  if (parents.length > 0) return sameOf(parents, artifact, io);
  const parameters = await thereOf(async () => metaflow.step(`${flow}/${run}/_parameters`, io));
  const own = await parameters?.task(io);
  return own && sameOf([own], artifact, io);
}

/** The artifact of the first of the tasks that has it with the same SHA. */
async function sameOf(
  tasks: readonly Task[],
  { id, sha }: DataArtifact,
  io: IoOptions,
): Promise<DataArtifact | undefined> {
  for (let from = 0; from < tasks.length; from += AT_ONCE) {
    io.signal?.throwIfAborted();
    const some = await mapLimited(tasks.slice(from, from + AT_ONCE), AT_ONCE, async (task) =>
      thereOf(async () => task.get(id, io)),
    );
    const same = some.find((artifact) => artifact?.sha === sha);
    if (same !== undefined) return same;
  }
  return undefined;
}

async function thereOf<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof MetaflowNotFound || thrown instanceof MetaflowKeyError) return undefined;
    throw thrown;
  }
}
