import type { IoOptions } from "../../base/io.ts";
import type { ArtifactRecord, ObjectRecord } from "../records.ts";
import type { PathComponents } from "../pathspec.ts";
import type { Session } from "../session.ts";
import type { DataArtifact } from "./artifact.ts";
import type { Flow } from "./flow.ts";
import type { Run } from "./run.ts";
import type { Step } from "./step.ts";
import type { Task } from "./task.ts";

/** Any of the five. */
export type AnyObject = Flow | Run | Step | Task | DataArtifact;

/**
 * Makes objects of records. Parents and children need each other's classes; through this interface they do not import each other.
 */
export interface ObjectFactory {
  flow(record: ObjectRecord, context: ObjectContext): Flow;
  run(record: ObjectRecord, context: ObjectContext, parent?: Flow): Run;
  step(record: ObjectRecord, context: ObjectContext, parent?: Run): Step;
  task(record: ObjectRecord, context: ObjectContext, attempt?: number, parent?: Step): Task;
  artifact(record: ArtifactRecord, context: ObjectContext, attempt?: number, parent?: Task): DataArtifact;
  /** These read and make the object at a path, without a look at its namespace. They throw MetaflowNotFound. */
  openFlow(path: PathComponents, context: ObjectContext, io?: IoOptions): Promise<Flow>;
  openRun(path: PathComponents, context: ObjectContext, io?: IoOptions): Promise<Run>;
  openStep(path: PathComponents, context: ObjectContext, io?: IoOptions): Promise<Step>;
  openTask(path: PathComponents, context: ObjectContext, attempt?: number, io?: IoOptions): Promise<Task>;
  openArtifact(
    path: PathComponents,
    context: ObjectContext,
    attempt?: number,
    io?: IoOptions,
  ): Promise<DataArtifact>;
}

/** What an object hands to its children. */
export interface ObjectContext {
  readonly session: Session;
  readonly make: ObjectFactory;
  /** The namespace at the object's creation; its children are filtered by it, also after the session's changed. */
  readonly namespace: string | null;
  /** False for parents, origins and lineage, and in the global namespace: then nothing is filtered. */
  readonly checked: boolean;
}

/** The same context without a look at namespaces. Python: `_namespace_check=False`. */
export function unchecked(context: ObjectContext): ObjectContext {
  return { ...context, checked: false };
}
