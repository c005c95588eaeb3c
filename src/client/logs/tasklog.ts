import type { IoOptions } from "../../base/io.ts";
import type { ObjectStore } from "../datastore/store.ts";
import type { LogLine } from "./display.ts";
import { readLastLines, readLines, type LogFile, type ReadOptions } from "./file.ts";
import { joinedLines } from "./joined.ts";
import { compareTimes, flatten, mergeBatches, type LineBatches } from "./merge.ts";
import { mergeLogs, type MergedLog, type TimedLine } from "./mflog.ts";

/** The two logs of a task. */
export type LogStream = "stdout" | "stderr";

/** Who writes log files: the scheduler, and the task itself where it runs elsewhere. Python: `metaflow.mflog.LOG_SOURCES`. */
export const LOG_SOURCES = ["runtime", "task"] as const;

/** Logs up to this size are merged as a whole; larger ones as a stream. */
const WHOLE_BYTES = 256 << 20;
const TAIL_BYTES = 4 << 20;

/** Which log: of which attempt of which task. */
export interface LogAddress {
  readonly flow: string;
  readonly run: string;
  readonly step: string;
  readonly task: string;
  /** Counted from 0. */
  readonly attempt: number;
  readonly stream: LogStream;
}

/** The end of a log. */
export interface LogTail {
  /** In the order for people, the last line last. */
  readonly lines: readonly LogLine[];
  /** Of the whole log, headers included, in bytes. */
  readonly sizeBytes: number;
  /** The lines are all that the log has. */
  readonly whole: boolean;
}

/** How a log is read. */
export interface TaskLogOptions {
  /** One plain file from before Metaflow 2.2.10. */
  readonly legacy?: boolean;
  /** Up to this size `loglines` merges in memory, in bytes (256 MiB). */
  readonly wholeBytes?: number;
}

/**
 * One log of one attempt of a task, in its store. `text` and `loglines` answer as Python's client does, to the byte;
 * `lines` and `tail` are in the order that people want: files merged by time, each in its own order.
 */
export class TaskLog {
  /** @internal */
  readonly files: readonly LogFile[];
  /** One plain file from before Metaflow 2.2.10. */
  readonly legacy: boolean;

  readonly #wholeBytes: number;

  /** @internal */
  constructor(files: readonly LogFile[], options: TaskLogOptions = {}) {
    this.files = files;
    this.legacy = options.legacy ?? false;
    this.#wholeBytes = options.wholeBytes ?? WHOLE_BYTES;
  }

  /** The log's raw size, headers included, in bytes. Python: `Task.stdout_size`. */
  async sizeBytes(io?: IoOptions): Promise<number> {
    const heads = await Promise.all(this.files.map(async ({ store, key }) => store.head(key, io)));
    return heads.reduce((sum, head) => sum + (head?.sizeBytes ?? 0), 0);
  }

  /** Whether the log can be here: `false` where its task ran on another machine and wrote into a folder of that one. */
  async isHere(io?: IoOptions): Promise<boolean> {
    const stores = this.files.map(({ store }) => store);
    const here = await Promise.all(stores.map(async (store) => store.isHere?.(io) ?? true));
    return here.includes(true);
  }

  /** The whole log as one text. Python: `Task.stdout`; bytes that are not UTF-8 are replaced. */
  async text(io?: IoOptions): Promise<string> {
    if (!this.legacy) return (await this.merged(io)).toText();
    const [bytes] = await this.#bytes(io);
    return Buffer.from(bytes ?? new Uint8Array()).toString("utf8");
  }

  /** All lines in Python's order, held as bytes. Python: `merge_logs`. */
  async merged(io?: IoOptions): Promise<MergedLog> {
    return mergeLogs(await this.#bytes(io));
  }

  /**
   * Lines as Python's client yields them: by time, those without header last. Python: `Task.loglines`.
   * A log of more than 256 MiB is streamed in bounded memory instead: in the order for people, which is Python's unless something else
   * wrote into the files; what exceeds 32 Mi characters of a line comes as further lines.
   */
  async *loglines(io?: IoOptions): AsyncGenerator<TimedLine, void, undefined> {
    const isSmall = (await this.sizeBytes(io)) <= this.#wholeBytes;
    yield* isSmall ? await this.merged(io) : joinedLines(this.batches(io, { asStored: true }));
  }

  /** @internal Lines in the order for people, as they are read: bounded memory for a log of any size. */
  batches(io?: IoOptions, options?: ReadOptions): LineBatches {
    return mergeBatches(this.files.map((file) => readLines(file, options, io)));
  }

  /** The same, line by line. */
  lines(io?: IoOptions): AsyncGenerator<LogLine, void, undefined> {
    return flatten(this.batches(io));
  }

  /**
   * The last lines in the order for people. Reads the ends of the files only, at most `maxBytes` (4 MiB) of each:
   * the same time for a log of any size.
   */
  async tail(count: number, io?: IoOptions & { readonly maxBytes?: number }): Promise<LogTail> {
    const maxBytes = io?.maxBytes ?? TAIL_BYTES;
    const tails = await Promise.all(this.files.map(async (file) => readLastLines(file, count, maxBytes, io)));
    // Each file's lines are in this order already, and the sort keeps equals: this merges.
    const merged = tails.flatMap(({ lines }) => lines).sort(compareTimes);
    const lines = count === 0 ? [] : merged.slice(-count);
    return {
      lines,
      sizeBytes: tails.reduce((sum, tail) => sum + tail.sizeBytes, 0),
      whole:
        lines.length === merged.length && tails.every(({ from, sizeBytes }) => from === 0 || sizeBytes === 0),
    };
  }

  async #bytes(io?: IoOptions): Promise<Uint8Array[]> {
    const bytes = await Promise.all(this.files.map(async ({ store, key }) => store.get(key, io)));
    return bytes.map((log) => log ?? new Uint8Array());
  }
}

/** The log of a task's attempt as Metaflow has written it since 2.2.10. */
export function taskLog(store: ObjectStore, address: LogAddress): TaskLog {
  return new TaskLog(LOG_SOURCES.map((source) => ({ store, key: logKey(address, source) })));
}

/** The log of a task from before 2.2.10, whose metadata has `log_location_stdout`; the attempt is the one told there. */
export function legacyTaskLog(store: ObjectStore, address: LogAddress): TaskLog {
  const { flow, run, step, task, attempt, stream } = address;
  return new TaskLog([{ store, key: `${flow}/${run}/${step}/${task}/${attempt}.${stream}.log` }], {
    legacy: true,
  });
}

/** Where a source keeps a log, below the datastore's root. */
export function logKey(address: LogAddress, source: (typeof LOG_SOURCES)[number]): string {
  const { flow, run, step, task, attempt, stream } = address;
  return `${flow}/${run}/${step}/${task}/${attempt}.${source}_${stream}.log`;
}
