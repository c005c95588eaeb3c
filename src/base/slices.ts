import { throwIfAborted, type IoOptions } from "./io.ts";

/** So long may a piece of work hold the thread before everybody else has a turn: what it leaves to be collected holds it for some milliseconds more. */
const SLICE_MS = 2;

/**
 * Parts long work so that it does not hold the thread:
 *
 *     if (slices.areDue) await slices.pause();
 */
export class Slices {
  readonly #io: IoOptions | undefined;
  #untilMs = performance.now() + SLICE_MS;

  /** @param io whoever gives up stops the work at its next pause */
  constructor(io?: IoOptions) {
    this.#io = io;
  }

  /** Whether it is time for a pause. */
  get areDue(): boolean {
    return performance.now() >= this.#untilMs;
  }

  /** Lets everybody else have a turn. Throws the signal's reason. */
  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    throwIfAborted(this.#io);
    this.#untilMs = performance.now() + SLICE_MS;
  }
}

/** So many are sorted in one go: a millisecond or two. */
const AT_ONCE = 2048;

/** An array of any kind. */
interface Items<T> {
  readonly length: number;
  [at: number]: T;
}

/** Sorts as `Array.sort` does, in place and stable, without holding the thread. */
export async function sortInSlices<T>(
  items: T[],
  compare: (a: T, b: T) => number,
  slices: Slices,
): Promise<T[]> {
  if (items.length <= AT_ONCE) return items.sort(compare);
  for (let start = 0; start < items.length; start += AT_ONCE) {
    if (slices.areDue) await slices.pause();
    const run = items.slice(start, start + AT_ONCE).sort(compare);
    for (const [index, item] of run.entries()) items[start + index] = item;
  }
  return mergeAll(items, new Array<T>(items.length), compare, slices);
}

/** Sorts numbers, the largest first, without holding the thread. What is given is overwritten. */
export async function descendingInSlices(numbers: Float64Array, slices: Slices): Promise<Float64Array> {
  for (let start = 0; start < numbers.length; start += AT_ONCE) {
    if (slices.areDue) await slices.pause();
    numbers.subarray(start, start + AT_ONCE).sort();
  }
  const ascending = (a: number, b: number): number => a - b;
  const sorted = await mergeAll(numbers, new Float64Array(numbers.length), ascending, slices);
  return sorted.reverse();
}

/** Merges neighbours, sorted `AT_ONCE` at a time, until all are; there and back between two arrays of the same length, one of which it gives. */
async function mergeAll<T, A extends Items<T>>(
  first: A,
  second: A,
  compare: (a: T, b: T) => number,
  slices: Slices,
): Promise<A> {
  let [from, to] = [first, second];
  for (let width = AT_ONCE; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += 2 * width)
      await merge(from, to, { start, middle: start + width, end: start + 2 * width }, compare, slices);
    [from, to] = [to, from];
  }
  return from;
}

/** Merges two sorted neighbours of one array into the same place of another. */
async function merge<T>(
  from: Readonly<Items<T>>,
  to: Items<T>,
  { start, middle, end }: { readonly start: number; readonly middle: number; readonly end: number },
  compare: (a: T, b: T) => number,
  slices: Slices,
): Promise<void> {
  const [lastLeft, lastRight] = [Math.min(middle, from.length), Math.min(end, from.length)];
  let [left, right] = [start, lastLeft];
  for (let at = start; at < lastRight; at++) {
    if ((at & 0xff) === 0 && slices.areDue) await slices.pause();
    const takesLeft =
      left < lastLeft && (right >= lastRight || compare(from[left] as T, from[right] as T) <= 0); // Both are in the array.
    to[at] = from[takesLeft ? left++ : right++] as T;
  }
}
