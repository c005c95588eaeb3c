import { LRUCache } from "lru-cache";
import type { IoOptions } from "../../../base/io.ts";
import { MetaflowKeyError } from "../../../client/errors.ts";
import type { DataArtifact, Run, Task } from "../../../client/index.ts";
import { holds, type Condition, type ParameterValue } from "./condition.ts";

/** The step in which Metaflow stores parameters before the first step. */
export const PARAMETERS = "_parameters";
/** The flow's own name is among its constants. */
const NAME = "name";
const MOST_VALUES = 5_000;

// Equal values are stored once: runs of a sweep share most of theirs.
const values = new LRUCache<string, ParameterValue>({ max: MOST_VALUES });

/** The task that stored a run's parameters; `undefined` while none did. */
export async function parametersTask(run: Run, io: IoOptions): Promise<Task | undefined> {
  if (!(await run.has(PARAMETERS, io))) return undefined;
  return (await run.get(PARAMETERS, io)).task(io);
}

/** A run's parameters and other constants, by name. */
export async function parametersOf(
  task: Task | undefined,
  io: IoOptions,
): Promise<ReadonlyMap<string, DataArtifact>> {
  const artifacts = (await task?.artifacts(io)) ?? new Map<string, DataArtifact>();
  return new Map([...artifacts].filter(([name]) => name !== NAME));
}

/** Whether a run's parameters meet all conditions; one that it does not have meets none. Reads those that are asked for. */
export async function meetsConditions(
  conditions: readonly Condition[],
  run: Run,
  io: IoOptions = {},
): Promise<boolean> {
  const task = await parametersTask(run, io);
  if (task === undefined) return false;
  for (const condition of conditions) {
    const artifact = await artifactOf(task, condition.name, io);
    if (artifact === undefined || !holds(condition, await parameterValue(artifact, io))) return false;
  }
  return true;
}

/** A parameter's value; of a large one its beginning as text. */
export async function parameterValue(artifact: DataArtifact, io: IoOptions): Promise<ParameterValue> {
  const known = values.get(artifact.sha);
  if (known !== undefined) return known;
  const document = await artifact.open(io);
  try {
    await document.complete;
    const { root } = document;
    const value = isScalar(root.type) ? await root.toValue() : undefined;
    const comparable =
      typeof value === "number" || typeof value === "bigint" || typeof value === "string"
        ? value
        : root.preview;
    values.set(artifact.sha, comparable);
    return comparable;
  } finally {
    document.close();
  }
}

function isScalar(type: string): boolean {
  return type === "int" || type === "float" || type === "str";
}

/** On the command line a parameter has dashes where its name in Python has underscores. */
async function artifactOf(task: Task, name: string, io: IoOptions): Promise<DataArtifact | undefined> {
  try {
    return await task.get(name.replaceAll("-", "_"), io);
  } catch (error) {
    if (error instanceof MetaflowKeyError) return undefined;
    throw error;
  }
}
