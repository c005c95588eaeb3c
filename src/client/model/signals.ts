import type { IoOptions } from "../../base/io.ts";
import { attemptKey } from "../datastore/layout.ts";
import { MetaflowError } from "../errors.ts";
import type { MetadataProvider } from "../metadata/provider.ts";
import type { PathComponents } from "../pathspec.ts";
import type { MetadataRecord, ObjectRecord } from "../records.ts";
import type { Session } from "../session.ts";
import type { TaskStatus } from "../status/state.ts";
import { explained } from "../status/reason.ts";
import { attemptIdOf, lastValue } from "./metadata.ts";
import type { RunSigns } from "./signs.ts";
import { taskStatus, type AttemptSignals, type ProcessEnd } from "../status/task.ts";

/** The metadata fields that a task's status is decided by; a provider reads no others for it. */
export const SIGNAL_FIELDS = ["attempt", "attempt_ok", "attempt-done", "origin-task-id"] as const;

/** The metadata that tell where a task's data are. */
const PLACE_FIELDS = ["ds-type", "ds-root"] as const;

/** What is asked of a task's metadata for its status. A service sends all of them whatever is asked: then where the data are comes along. */
export function signalFields({ provider }: Session): readonly string[] {
  return tellsAllAtOnce(provider) ? [...SIGNAL_FIELDS, ...PLACE_FIELDS] : SIGNAL_FIELDS;
}

/** The metadata by which a task's status is decided. */
export async function readSignals(
  session: Session,
  task: ObjectRecord,
  io?: IoOptions,
): Promise<readonly MetadataRecord[] | MetaflowError> {
  try {
    return await session.provider.taskMetadata(task.path, signalFields(session), io);
  } catch (cause) {
    // What cannot be read of one task leaves open how that task stands, not its run's other tasks.
    if (cause instanceof MetaflowError) return cause;
    throw cause;
  }
}

/** A task's status, read by its metadata and, where those leave it open, by what the local scheduler noted of its process. */
export async function readTaskStatus(
  session: Session,
  task: ObjectRecord,
  signs: RunSigns,
  io?: IoOptions,
  read?: readonly MetadataRecord[] | MetaflowError,
): Promise<TaskStatus> {
  const key = task.path.join("/");
  const settled = session.settled.get(key);
  if (settled !== undefined) return settled as TaskStatus; // A task's key holds a task's status.
  const metadata = read ?? (await readSignals(session, task, io));
  if (metadata instanceof MetaflowError) return unreadable(task, metadata);
  const status = await statusByMetadata(session, task, metadata, attemptsOf(metadata), signs, io);
  if (status.settled) session.settled.set(key, status);
  return status;
}

function unreadable(task: ObjectRecord, cause: MetaflowError): TaskStatus {
  const since = new Date(task.createdAtMs);
  const code = { kind: "unreadable", errorCode: cause.code, message: cause.message } as const;
  return { state: "unknown", since, duration: undefined, ...explained(code), settled: false };
}

/** How each attempt of a task stands, in order: the last one as the task, all others are over. */
export async function readAttemptStatuses(
  session: Session,
  task: ObjectRecord,
  last: TaskStatus,
  metadata: readonly MetadataRecord[],
  io?: IoOptions,
): Promise<{ readonly signals: AttemptSignals; readonly status: TaskStatus }[]> {
  const attempts = attemptsOf(metadata);
  return Promise.all(
    attempts.map(async (signals, index) => {
      if (index === attempts.length - 1) return { signals, status: ofAttempt(last, signals) };
      return { signals, status: await statusByMetadata(session, task, metadata, [signals], OVER, io) };
    }),
  );
}

/** A task lasts from its first attempt on, an attempt from its own start. */
function ofAttempt(task: TaskStatus, { startedMs }: AttemptSignals): TaskStatus {
  if (task.duration === undefined || startedMs === undefined) return task;
  const endMs = task.state === "running" ? Date.now() : task.since.getTime();
  return { ...task, duration: Math.max(0, endMs - startedMs) };
}

/** An attempt that another one followed. */
const OVER: RunSigns = { live: new Set(), alive: false, retries: async () => Promise.resolve(0) };

async function statusByMetadata(
  session: Session,
  task: ObjectRecord,
  metadata: readonly MetadataRecord[],
  attempts: readonly AttemptSignals[],
  signs: RunSigns,
  io?: IoOptions,
): Promise<TaskStatus> {
  const last = attempts.at(-1);
  const isOpen =
    last !== undefined && last.ok?.value !== true && (last.ok !== undefined || last.doneMs === undefined);
  const process = isOpen ? await processEnd(session, task.path, last.attempt, metadata, io) : undefined;
  const failed = last?.ok?.value === false || (process !== undefined && process.returnCode !== 0);
  return taskStatus(
    {
      createdMs: task.createdAtMs,
      attempts,
      cloned: metadata.some(({ name }) => name === "origin-task-id"),
      process,
      retries: failed ? await signs.retries(task.path[2] ?? "") : undefined,
      alive: isAlive(task, signs.live),
      runAlive: signs.alive,
    },
    Date.now(),
  );
}

/** Heartbeats older than six beats of ten seconds are silence. */
const HEARTBEAT_MS = 60_000;

function isAlive(task: ObjectRecord, live: ReadonlySet<string> | undefined): boolean | undefined {
  if (task.heartbeatMs !== undefined) return Date.now() - task.heartbeatMs < HEARTBEAT_MS;
  return live?.has(task.path[3] ?? "");
}

/** The attempts that a task's metadata tell of, in order. */
export function attemptsOf(metadata: readonly MetadataRecord[]): AttemptSignals[] {
  const attempts = new Map<number, { -readonly [K in keyof AttemptSignals]: AttemptSignals[K] }>();
  const at = (attempt: number): { -readonly [K in keyof AttemptSignals]: AttemptSignals[K] } => {
    let signals = attempts.get(attempt);
    if (signals === undefined) {
      signals = { attempt, startedMs: undefined, ok: undefined, doneMs: undefined };
      attempts.set(attempt, signals);
    }
    return signals;
  };
  for (const entry of metadata) {
    if (entry.name === "attempt") at(Number(entry.value)).startedMs ??= entry.createdAtMs;
    else if (entry.name === "attempt-done") at(Number(entry.value)).doneMs = entry.createdAtMs;
    else if (entry.name === "attempt_ok") {
      const value = entry.value === true || entry.value === "True";
      at(attemptIdOf(entry) ?? 0).ok = { value, atMs: entry.createdAtMs };
    }
  }
  return [...attempts.values()].sort((a, b) => a.attempt - b.attempt);
}

/** Whether no heartbeat can tell more of a task: its last attempt has a result, or a resume took it over. */
export function isOver(metadata: readonly MetadataRecord[]): boolean {
  if (metadata.some(({ name }) => name === "origin-task-id")) return true;
  const last = attemptsOf(metadata).at(-1);
  return last !== undefined && (last.ok?.value === false || last.doneMs !== undefined);
}

/** The `<k>.runtime` file of the local scheduler (`<k>.runtime.json` before 2.4.0). */
async function processEnd(
  session: Session,
  task: PathComponents,
  attempt: number,
  metadata: readonly MetadataRecord[],
  io?: IoOptions,
): Promise<ProcessEnd | undefined> {
  const { provider } = session;
  const place = tellsAllAtOnce(provider) ? metadata : await provider.taskMetadata(task, PLACE_FIELDS, io);
  const store = await datastoreOf(session, place);
  if (store === undefined) return undefined;
  for (const name of ["runtime", "runtime.json"]) {
    const bytes = await store.get(attemptKey(task, attempt, name), io);
    const parsed = bytes && parseEnd(Buffer.from(bytes).toString("utf8"));
    if (parsed === undefined) continue;
    const head = await store.head(attemptKey(task, attempt, name), io);
    return { ...parsed, atMs: head?.modifiedMs ?? lastActivity(metadata) };
  }
  return undefined;
}

function tellsAllAtOnce(provider: MetadataProvider): boolean {
  return provider.metadataBelow !== undefined;
}

async function datastoreOf(
  session: Session,
  metadata: readonly MetadataRecord[],
): ReturnType<Session["localStore"]> {
  const root = lastValue(metadata, "ds-root");
  const type = lastValue(metadata, "ds-type");
  // Only the local scheduler writes the file, and it writes beside the records where the records are local.
  if (type !== undefined && type !== "local") return undefined;
  return typeof root === "string" ? session.store("local", root) : session.localStore();
}

function parseEnd(text: string): Pick<ProcessEnd, "returnCode" | "killed"> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null || !("return_code" in json)) return undefined;
    return { returnCode: Number(json.return_code), killed: "killed" in json && json.killed === true };
  } catch {
    return undefined; // Half-written: the next look has it whole.
  }
}

function lastActivity(metadata: readonly MetadataRecord[]): number {
  return metadata.reduce((last, { createdAtMs }) => Math.max(last, createdAtMs), 0);
}
