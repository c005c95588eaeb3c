import { delay } from "../../base/async.ts";
import { throwIfAborted, type IoOptions } from "../../base/io.ts";
import type { LogLine } from "./display.ts";
import { readLastLines } from "./file.ts";
import { FollowedFile } from "./followed.ts";
import { compareTimes, mergeBatches } from "./merge.ts";
import type { TaskLog } from "./tasklog.ts";

/** How a log is followed. */
export interface FollowOptions extends IoOptions {
  /**
   * Whether the task has ended, asked before each look at the log: what was written before the answer `true` is still read.
   */
  readonly isEnded: (io?: IoOptions) => Promise<boolean>;
  /**
   * Resolves when something may have changed, such as an event of the file system; ends a wait early. Called once a wait.
   * Without it the log is looked at in intervals alone.
   */
  readonly changed?: (signal: AbortSignal) => Promise<void>;
  /** What to begin with: all lines (default), those written from now on, or the last so many. */
  readonly from?: "start" | "now" | { readonly last: number };
  /** The wait between two looks in milliseconds: the shortest after something new, growing to the longest while nothing is. 500, 5000. */
  readonly intervalMs?: { readonly shortest: number; readonly longest: number };
  /**
   * How long after the task's end its log may still be written, in milliseconds (1500): a local scheduler writes it when it has seen the
   * process end. Waited for while a file is missing; where all are there, or the task had ended before, only a tenth of it.
   */
  readonly graceMs?: number;
}

const INTERVAL_MS = { shortest: 500, longest: 5000 };
const GRACE_MS = 1500;
const LOOKS_IN_GRACE = 10;
const BREATH_MS = 50;
const TAIL_BYTES = 4 << 20;

/**
 * The lines of a log as they are written, until the task ends; files merged by time within what is new at one look. Lines are neither lost
 * nor given twice, also when a file is written anew as a whole, as tasks that run elsewhere do. Only new bytes are read.
 * In batches: all that is new at one look, in parts of about a megabyte.
 */
export async function* followLog(
  log: TaskLog,
  options: FollowOptions,
): AsyncGenerator<readonly LogLine[], void, undefined> {
  const files = await open(log, options);
  const { shortest, longest } = options.intervalMs ?? INTERVAL_MS;
  const settleMs = (options.graceMs ?? GRACE_MS) / LOOKS_IN_GRACE;
  let waitMs = shortest;
  let looks = 0;
  let looksAfterEnd = 0;
  for (;;) {
    throwIfAborted(options);
    const ended = await options.isEnded(options);
    let isNew = false;
    for await (const batch of mergeBatches(files.map((file) => file.news(options)))) {
      isNew = true;
      yield batch;
    }
    looks++;
    if (ended) {
      looksAfterEnd++;
      // Who comes after the end finds what there is; who saw the end come may be faster than the one that writes the last file.
      const wanted = looks === looksAfterEnd ? files.some(isThere) : files.every(isThere);
      if (looksAfterEnd > 1 && !isNew && (wanted || looksAfterEnd > LOOKS_IN_GRACE)) break;
      await delay(settleMs, options.signal);
    } else {
      waitMs = isNew || looks === 1 ? shortest : Math.min(waitMs * 1.5, longest);
      await pause(waitMs, options);
    }
  }
  const last = files.flatMap((file) => file.end()).sort(compareTimes);
  if (last.length > 0) yield last;
}

function isThere(file: FollowedFile): boolean {
  return file.exists;
}

/** Each file at the place where the wanted lines begin. */
async function open(log: TaskLog, options: FollowOptions): Promise<FollowedFile[]> {
  const { from = "start" } = options;
  if (from === "start") return log.files.map((file) => new FollowedFile(file, 0));
  const count = from === "now" ? 0 : from.last;
  const tails = await Promise.all(
    log.files.map(async (file) => readLastLines(file, count, TAIL_BYTES, options)),
  );
  const lines = tails.flatMap((tail, index) => tail.lines.map((line) => ({ ...line, index })));
  const wanted = count === 0 ? [] : lines.sort(compareTimes).slice(-count);
  return log.files.map((file, index) => {
    const first = wanted.find((line) => line.index === index);
    return new FollowedFile(file, first?.offset ?? tails[index]?.sizeBytes ?? 0);
  });
}

/** Waits for a change, no longer than the interval; a source of changes that never stops still leaves some time between two looks. */
async function pause(ms: number, options: FollowOptions): Promise<void> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const waits = [delay(ms, signal)];
  if (options.changed !== undefined) waits.push(options.changed(signal));
  const earliest = performance.now() + Math.min(ms, BREATH_MS);
  try {
    await Promise.race(waits);
  } finally {
    stop.abort();
  }
  const restMs = earliest - performance.now();
  if (restMs > 0) await delay(restMs, options.signal);
}
