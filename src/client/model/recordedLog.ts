import { MetaflowConfigError } from "../errors.ts";
import { legacyTaskLog, taskLog, type LogStream, type TaskLog } from "../logs/tasklog.ts";
import { parseJson } from "../metadata/parse.ts";
import type { PathComponents } from "../pathspec.ts";
import type { Session } from "../session.ts";

/** The metadata that tell where a task's logs are. */
export const LOG_FIELDS = [
  "ds-type",
  "ds-root",
  "attempt",
  "log_location_stdout",
  "log_location_stderr",
] as const;

/** The log that a task's metadata tell of: of the attempt, else of the last started one; `undefined` while they do not say where it is. */
export async function recordedLog(
  session: Session,
  path: PathComponents,
  metadata: ReadonlyMap<string, unknown>,
  { stream, attempt: asked }: { readonly stream: LogStream; readonly attempt?: number | undefined },
): Promise<TaskLog | undefined> {
  // Callers without types may give anything.
  if (typeof (stream as unknown) !== "string")
    throw new MetaflowConfigError("A log is asked for by its stream, 'stdout' or 'stderr'");
  const [flow = "", run = "", step = "", task = ""] = path;
  const legacy = metadata.get(`log_location_${stream}`);
  if (typeof legacy === "string" && legacy !== "") {
    const { dsType, location, attempt } = parseLegacyLocation(legacy);
    const root = location.split("/").slice(0, -5).join("/");
    return legacyTaskLog(await session.store(dsType, root), { flow, run, step, task, attempt, stream });
  }
  const type = metadata.get("ds-type");
  const root = metadata.get("ds-root");
  if (typeof type !== "string" || typeof root !== "string") return undefined;
  const attempt = asked ?? Number(metadata.get("attempt") ?? 0);
  return taskLog(await session.store(type, root), { flow, run, step, task, attempt, stream });
}

/** The JSON of `log_location_<stream>` (Metaflow 2.0 to 2.2.9). */
function parseLegacyLocation(text: string): { dsType: string; location: string; attempt: number } {
  const { ds_type, location, attempt } = parseJson(text, "The recorded log location");
  return { dsType: String(ds_type), location: String(location), attempt: Number(attempt) };
}
