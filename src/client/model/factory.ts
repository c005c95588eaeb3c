import type { IoOptions } from "../../base/io.ts";
import type { PathComponents } from "../pathspec.ts";
import type { ObjectRecord } from "../records.ts";
import { DataArtifact } from "./artifact.ts";
import type { ObjectContext, ObjectFactory } from "./context.ts";
import { Flow } from "./flow.ts";
import { notFound } from "./object.ts";
import { Run } from "./run.ts";
import { Step } from "./step.ts";
import { Task } from "./task.ts";

/** Makes the five classes' objects: the only place that knows them all. */
export const objectFactory: ObjectFactory = {
  flow: (record, context) => new Flow(record, context),
  run: (record, context, parent) => new Run(record, context, parent),
  step: (record, context, parent) => new Step(record, context, parent),
  task: (record, context, attempt, parent) => new Task(record, context, attempt, parent),
  artifact: (record, context, attempt, parent) => new DataArtifact(record, context, attempt, parent),

  openFlow: async (path, context, io) => new Flow(await read(path, context, undefined, io), context),
  openRun: async (path, context, io) => new Run(await read(path, context, undefined, io), context),
  openStep: async (path, context, io) => new Step(await read(path, context, undefined, io), context),
  openTask: async (path, context, attempt, io) =>
    new Task(await read(path, context, attempt, io), context, attempt),

  async openArtifact(path, context, attempt, io) {
    const { provider } = context.session;
    const record = await provider.artifact(path.slice(0, 4), path[4] ?? "", attempt, io);
    if (record === undefined) throw notFound(path, attempt);
    return new DataArtifact(record, context, attempt);
  },
};

async function read(
  path: PathComponents,
  context: ObjectContext,
  attempt?: number,
  io?: IoOptions,
): Promise<ObjectRecord> {
  const record = await context.session.provider.record(path, io);
  if (record === undefined) throw notFound(path, attempt);
  return record;
}
