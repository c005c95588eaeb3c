import { elementAt } from "../numpy/array.ts";
import type { NpElement } from "../numpy/elements.ts";
import { isNumeric, readNumbers, runAlong } from "../numpy/numbers.ts";
import type { NdArrayShape } from "../shapes.ts";
import { arrayOf, intAt, lengthOf, sum, type Source, type Stored } from "./stored.ts";

/** Places of a line that are looked through one by one where they have no order. */
const MOST_UNORDERED = 1 << 20;
/** Indices that are read at a time. */
const PIECE = 1 << 14;

/** `csr` and `csc`: the places of line `i` are `indices[indptr[i]:indptr[i + 1]]`. */
export function compressed(source: Source): Stored | undefined {
  const [data, indices, starts] = ["data", "indices", "indptr"].map((name) => arrayOf(source, name));
  if (data?.shape.length !== 1 || indices?.shape.length !== 1 || starts === undefined) return undefined;
  const find = finder(indices, starts);
  return {
    count: Math.max(0, intAt(starts, lengthOf(starts) - 1)) || 0,
    dtype: data.dtype,
    at: (line, place) =>
      find(line, place).reduce<NpElement | undefined>(
        (total, at) => sum(total, at < lengthOf(data) ? (elementAt(data, at) ?? undefined) : undefined),
        undefined,
      ),
  };
}

/** `bsr`: the same of blocks of one size, each an array of two axes in `data`. */
export function blocks(source: Source): Stored | undefined {
  const [data, indices, starts] = ["data", "indices", "indptr"].map((name) => arrayOf(source, name));
  if (data?.shape.length !== 3 || indices?.shape.length !== 1 || starts === undefined) return undefined;
  const [count = 0, height = 0, width = 0] = data.shape;
  if (height === 0 || width === 0) return undefined;
  const find = finder(indices, starts);
  return {
    count: (Math.max(0, intAt(starts, lengthOf(starts) - 1)) || 0) * height * width,
    dtype: data.dtype,
    at: (row, column) => {
      const within = (row % height) * width + (column % width);
      return find(Math.floor(row / height), Math.floor(column / width)).reduce<NpElement | undefined>(
        (total, block) =>
          sum(
            total,
            block < count ? (elementAt(data, block * height * width + within) ?? undefined) : undefined,
          ),
        undefined,
      );
    },
  };
}

/** Finds where in `indices` a place of a line is; several times where it is stored several times. */
function finder(indices: NdArrayShape, starts: NdArrayShape): (line: number, place: number) => number[] {
  let ordered: boolean | undefined;
  return (line, place) => {
    const [from, to] = [intAt(starts, line), Math.min(intAt(starts, line + 1), lengthOf(indices))];
    if (!(from >= 0) || !(to > from)) return [];
    ordered ??= isOrdered(indices, starts);
    if (ordered) {
      let [low, high] = [from, to - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (intAt(indices, middle) < place) low = middle + 1;
        else high = middle;
      }
      return intAt(indices, low) === place ? [low] : [];
    }
    const found: number[] = [];
    for (let at = from; at < Math.min(to, from + MOST_UNORDERED); at++)
      if (intAt(indices, at) === place) found.push(at);
    return found;
  };
}

/** Whether the places of each line ascend. Reads all of them once. */
function isOrdered(indices: NdArrayShape, starts: NdArrayShape): boolean {
  if (!isNumeric(indices.dtype) || !isNumeric(starts.dtype)) return false;
  const run = runAlong(indices, 0, [0]);
  const piece = new Float64Array(PIECE);
  let [line, last] = [0, -1];
  let next = intAt(starts, 1);
  for (let from = 0; from < lengthOf(indices); from += PIECE) {
    const count = Math.min(PIECE, lengthOf(indices) - from);
    readNumbers(run, from, from + count, piece);
    for (let at = 0; at < count; at++) {
      while (from + at >= next) {
        next = intAt(starts, ++line + 1);
        last = -1;
      }
      const place = piece[at] ?? NaN;
      if (!(place > last)) return false;
      last = place;
    }
  }
  return true;
}
