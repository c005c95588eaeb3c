import type { LogLine } from "./display.ts";
import { mergeBatches, type LineBatches } from "./merge.ts";

/** A log that need not be opened before its time. */
export interface LazyLog<T extends LogLine> {
  /** No line is expected to be older; one that is comes late. In microseconds since the epoch. */
  readonly fromUs: number;
  readonly open: () => LineBatches<T>;
}

/** How many logs are opened before their time, so that a distant store is not waited for log by log. */
const AHEAD = 16;

/**
 * Merges the lines of many logs by time as `mergeBatches` does. A log is opened when the merge comes to its time, so that logs which follow each other
 * are not open all at once: held is one batch of each log that has begun and not ended, and of the next 16. Of equal times the log that
 * begins earlier is first, then the one that was given earlier.
 */
export async function* mergeLazily<T extends LogLine>(
  logs: readonly LazyLog<T>[],
): AsyncGenerator<readonly T[], void, undefined> {
  const inOrder = [...logs].sort((a, b) => a.fromUs - b.fromUs);
  const opened = new Map<number, Promise<Opened<T>>>();
  const openUpTo = (last: number): void => {
    for (let index = opened.size; index < Math.min(last, inOrder.length); index++) {
      const opening = open(inOrder[index]);
      // Whoever comes to this log gets the failure; nobody may come.
      opening.catch(() => undefined);
      opened.set(index, opening);
    }
  };
  const sources = inOrder.map(async function* ({ fromUs }, index): LineBatches<Waiting | T> {
    yield [waiting(fromUs)];
    openUpTo(index + AHEAD);
    const log = await opened.get(index);
    opened.set(index, CLOSED);
    if (log !== undefined) yield* linesOf(log);
  });
  try {
    for await (const batch of mergeBatches<Waiting | T>(sources)) {
      const lines = batch.filter((line): line is T => !("opens" in line));
      if (lines.length > 0) yield lines;
    }
  } finally {
    // Those that were opened ahead and never came to their turn.
    const left = await Promise.allSettled(opened.values());
    for (const each of left) if (each.status === "fulfilled") await each.value.rest.return?.();
  }
}

/** Stands in the merge at the beginning of a log that is not open yet. */
interface Waiting extends LogLine {
  readonly opens: true;
}

function waiting(orderUs: number): Waiting {
  return { timeUs: undefined, orderUs, source: undefined, text: "", offset: 0, opens: true };
}

/** A log of which the first batch was read; it is kept until it is taken. */
interface Opened<T> {
  first: readonly T[];
  readonly rest: AsyncIterator<readonly T[]>;
}

const NOTHING: AsyncIterator<never> = { next: async () => Promise.resolve({ done: true, value: undefined }) };
const CLOSED: Promise<Opened<never>> = Promise.resolve({ first: [], rest: NOTHING });

async function open<T extends LogLine>(log: LazyLog<T> | undefined): Promise<Opened<T>> {
  const rest = log?.open()[Symbol.asyncIterator]() ?? NOTHING;
  const first = await rest.next();
  return { first: first.done === true ? [] : first.value, rest };
}

async function* linesOf<T>(log: Opened<T>): AsyncGenerator<readonly T[], void, undefined> {
  const { rest } = log;
  try {
    yield takeFirst(log);
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function takeFirst<T>(log: Opened<T>): readonly T[] {
  const { first } = log;
  log.first = [];
  return first;
}
