import type { IoOptions } from "../base/io.ts";
import type { Metaflow, MetaflowCode } from "../client/index.ts";

/** A code package with the object whose it is. */
export interface OwnedCode {
  /** Pathspec of a run where it is the run's, else of the task. */
  readonly owner: string;
  readonly code: MetaflowCode;
}

/**
 * The code package that a run, step or task ran with, the run's where the object itself has none (an early task of a run may have
 * started before the package was stored); `undefined` where Metaflow kept none.
 */
export async function codeOf(
  metaflow: Metaflow,
  pathspec: string,
  io?: IoOptions,
): Promise<OwnedCode | undefined> {
  const object = await metaflow.object(pathspec, io);
  const runPathspec = pathspec.split("/").slice(0, 2).join("/");
  const run = object.kind === "run" ? object : await metaflow.run(runPathspec, io);
  const ofRun = await run.code(io);
  const task = object.kind === "task" ? object : object.kind === "step" ? await object.task(io) : undefined;
  const ofTask = await task?.code(io);
  if (task !== undefined && ofTask !== undefined && ofTask.sha !== ofRun?.sha) {
    return { owner: task.pathspec, code: ofTask };
  }
  return ofRun && { owner: run.pathspec, code: ofRun };
}
