import { collect } from "../../base/async.ts";
import type { IoOptions } from "../../base/io.ts";
import type { LogLine } from "../logs/display.ts";
import { timeOf, wholeLines } from "../logs/joined.ts";
import { mergeLazily, type LazyLog } from "../logs/lazy.ts";
import type { LineBatches } from "../logs/merge.ts";
import type { LogStream } from "../logs/tasklog.ts";
import { compareIds } from "../pathspec.ts";
import type { Session } from "../session.ts";
import { metadataReader, type MetadataReader } from "./metadataReader.ts";
import { LOG_FIELDS, recordedLog } from "./recordedLog.ts";
import type { Task } from "./task.ts";

/** A line of one of several tasks. */
export interface MergedLine {
  /** Whose line it is. */
  readonly task: Task;
  /** In which of its logs. */
  readonly stream: LogStream;
  /** When it was captured; `undefined` for a line without header. */
  readonly time: Date | undefined;
  /** Without newline; bytes that are not UTF-8 are U+FFFD. */
  readonly text: string;
  /** Who captured it, `runtime` or `task`. */
  readonly source: string | undefined;
}

interface OwnLine extends LogLine {
  readonly task: Task;
  readonly stream: LogStream;
}

const STREAMS: readonly LogStream[] = ["stdout", "stderr"];
/** A task's lines may be stamped by another machine than the one that recorded the task. */
const SKEW_MS = 10_000;
/** Of log text in all. */
const HELD_BYTES = 32 << 20;
const SMALLEST_BYTES = 8 << 10;
const LARGEST_BYTES = 1 << 20;
/** A task that a resume cloned has no log of its own. */
const ORIGIN = "origin-task-id";
const FIELDS = [...LOG_FIELDS, ORIGIN];

/** The lines of these tasks of one run, in time order. */
export async function* mergedLog(
  session: Session,
  tasks: AsyncIterable<Task>,
  stream: LogStream | undefined,
  io?: IoOptions,
): AsyncGenerator<MergedLine, void, undefined> {
  const inOrder = (await collect(tasks)).sort(byStart);
  const metadataOf = await metadataReader(session, inOrder, FIELDS, io);
  const streams = stream === undefined ? STREAMS : [stream];
  const share = HELD_BYTES / (inOrder.length * streams.length);
  const largestBytes = Math.min(LARGEST_BYTES, Math.max(SMALLEST_BYTES, Math.floor(share)));
  const logs = inOrder.flatMap((task) =>
    streams.map((own): LazyLog<OwnLine> => ({
      fromUs: (task.startedAt.getTime() - SKEW_MS) * 1000,
      open: () => ownLines(session, { task, stream: own, largestBytes, metadataOf }, io),
    })),
  );
  for await (const batch of mergeLazily(logs)) {
    for (const { task, stream: own, timeUs, text, source } of batch)
      yield { task, stream: own, time: timeOf(timeUs), text, source };
  }
}

interface OwnLog {
  readonly task: Task;
  readonly stream: LogStream;
  readonly largestBytes: number;
  readonly metadataOf: MetadataReader;
}

async function* ownLines(
  session: Session,
  { task, stream, largestBytes, metadataOf }: OwnLog,
  io?: IoOptions,
): LineBatches<OwnLine> {
  const metadata = new Map((await metadataOf(task)).map(({ name, value }) => [name, value]));
  if (metadata.has(ORIGIN)) return;
  const { attempt } = task;
  const log = await recordedLog(session, task.pathComponents, metadata, { stream, attempt });
  if (log === undefined) return;
  const startUs = task.startedAt.getTime() * 1000;
  for await (const batch of wholeLines(log.batches(io, { largestBytes }))) {
    // Lines before the first one with a time stand where their task begins.
    yield batch.map((line) => ({
      ...line,
      orderUs: line.orderUs === Number.NEGATIVE_INFINITY ? startUs : line.orderUs,
      task,
      stream,
    }));
  }
}

/** Tasks that were made in the same millisecond in the order of their ids. */
function byStart(a: Task, b: Task): number {
  const byTime = a.startedAt.getTime() - b.startedAt.getTime();
  if (byTime !== 0) return byTime;
  return compareIds(a.id, b.id);
}
