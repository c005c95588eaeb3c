import { mapLimited } from "../../base/async.ts";
import type { LogLine } from "./display.ts";

/** Lines as they are read, some at a time: one `await` a line would cost more than reading it. */
export type LineBatches<T extends LogLine = LogLine> = AsyncIterable<readonly T[]>;

/** How many of the sources are opened at once at the beginning. */
const OPENED_AT_ONCE = 16;

/** A source that has lines left: where it stands in its present batch. */
interface Cursor<T> {
  readonly index: number;
  readonly batches: AsyncIterator<readonly T[]>;
  batch: readonly T[];
  at: number;
}

/**
 * Merges lines of several files, or of several tasks, by time. Each source keeps its own order; of equal times the earlier source is first;
 * a line without header stays behind the one that it follows. Holds one batch of each source.
 */
export async function* mergeBatches<T extends LogLine>(
  sources: readonly LineBatches<T>[],
): AsyncGenerator<readonly T[], void, undefined> {
  const [only] = sources;
  if (only !== undefined && sources.length === 1) {
    yield* only;
    return;
  }
  const cursors = sources.map((source, index): Cursor<T> => ({
    index,
    batches: source[Symbol.asyncIterator](),
    batch: [],
    at: 0,
  }));
  try {
    const filled = await mapLimited(cursors, OPENED_AT_ONCE, refill);
    const heap = cursors.filter((_, index) => filled[index] === true);
    for (let root = heap.length - 1; root >= 0; root--) sink(heap, root);
    let merged: T[] = [];
    for (let first = heap[0]; first !== undefined; first = heap[0]) {
      const line = first.batch[first.at++];
      if (line !== undefined) merged.push(line);
      if (first.at === first.batch.length) {
        // What is merged is given before more is waited for.
        if (merged.length > 0) yield merged;
        merged = [];
        if (!(await refill(first))) removeFirst(heap);
      }
      sink(heap, 0);
    }
  } finally {
    await Promise.all(cursors.map(async ({ batches }) => batches.return?.()));
  }
}

/** The order of two lines of different files; for a stable sort of lines that are each in their file's order. */
export function compareTimes(a: LogLine, b: LogLine): number {
  // Not a difference: times may be infinite.
  return a.orderUs === b.orderUs ? 0 : a.orderUs < b.orderUs ? -1 : 1;
}

/** Line by line what is read in batches. */
export async function* flatten<T extends LogLine>(
  batches: LineBatches<T>,
): AsyncGenerator<T, void, undefined> {
  for await (const batch of batches) yield* batch;
}

/** Reads the next batch that is not empty; whether there was one. */
async function refill<T>(cursor: Cursor<T>): Promise<boolean> {
  for (;;) {
    const next = await cursor.batches.next();
    if (next.done === true) {
      cursor.batch = []; // The cursor stays until all are done; of many logs that is long.
      return false;
    }
    if (next.value.length === 0) continue;
    cursor.batch = next.value;
    cursor.at = 0;
    return true;
  }
}

function removeFirst<T>(heap: Cursor<T>[]): void {
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) heap[0] = last;
}

/** Restores the heap's order below `root`. */
function sink<T extends LogLine>(heap: Cursor<T>[], root: number): void {
  for (let at = root; ;) {
    const left = 2 * at + 1;
    const right = left + 1;
    let first = at;
    if (isBefore(heap[left], heap[first])) first = left;
    if (isBefore(heap[right], heap[first])) first = right;
    const [parent, child] = [heap[at], heap[first]];
    if (first === at || parent === undefined || child === undefined) return;
    heap[at] = child;
    heap[first] = parent;
    at = first;
  }
}

function isBefore<T extends LogLine>(a: Cursor<T> | undefined, b: Cursor<T> | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const timeA = a.batch[a.at]?.orderUs ?? 0;
  const timeB = b.batch[b.at]?.orderUs ?? 0;
  return timeA === timeB ? a.index < b.index : timeA < timeB;
}
