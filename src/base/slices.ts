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

/** Sorts as `Array.sort` does, in place and stable, without holding the thread. */
export async function sortInSlices<T>(
  items: T[],
  compare: (a: T, b: T) => number,
  slices: Slices,
): Promise<T[]> {
  if (items.length <= AT_ONCE) return items.sort(compare);
  let from = items;
  for (let start = 0; start < from.length; start += AT_ONCE) {
    if (slices.areDue) await slices.pause();
    const run = from.slice(start, start + AT_ONCE).sort(compare);
    for (const [index, item] of run.entries()) from[start + index] = item;
  }
  let to = new Array<T>(from.length);
  for (let width = AT_ONCE; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += 2 * width)
      await merge(from, to, { start, middle: start + width, end: start + 2 * width }, compare, slices);
    [from, to] = [to, from];
  }
  return from;
}

/** Merges two sorted neighbours of one array into the same place of another. */
async function merge<T>(
  from: readonly T[],
  to: T[],
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
