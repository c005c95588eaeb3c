import type { IoOptions } from "../../base/io.ts";
import type { MetadataRecord } from "../records.ts";
import type { Session } from "../session.ts";
import type { Task } from "./task.ts";

/** Gives the metadata of a task, oldest first. */
export type MetadataReader = (task: Task) => Promise<readonly MetadataRecord[]>;

/**
 * Reads the named metadata of these tasks of one run: by one question for all where the provider knows it, else of each when it is asked for.
 */
export async function metadataReader(
  session: Session,
  tasks: readonly Task[],
  fields: readonly string[],
  io?: IoOptions,
): Promise<MetadataReader> {
  const [first] = tasks;
  const { provider } = session;
  const all =
    first !== undefined && tasks.length > 1
      ? await provider.metadataBelow?.(first.pathComponents.slice(0, 2), fields, io)
      : undefined;
  if (all !== undefined) return async ({ pathspec }) => Promise.resolve(all.get(pathspec) ?? []);
  return async ({ pathComponents }) => provider.taskMetadata(pathComponents, fields, io);
}
