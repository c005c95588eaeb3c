import { visitNames } from "../../base/files.ts";
import type { IoOptions } from "../../base/io.ts";
import { descendingInSlices, Slices } from "../../base/slices.ts";
import { numberOfLocalRun } from "./parse.ts";

/** The runs of a flow's folder. A hundred thousand are put in order before the first is shown, so their ids are kept as numbers. */
export interface RunIndex {
  /** How many runs there are. */
  readonly length: number;
  /** Ids that do not tell their time, in the folder's order. */
  readonly named: readonly string[];
  /** The others as numbers, newest first. */
  readonly order: Float64Array;
}

/** Lists the runs of a flow by their names alone; `undefined` when the folder does not exist. */
export async function readRunIndex(
  folder: string,
  isChild: (name: string) => boolean,
  io?: IoOptions,
): Promise<RunIndex | undefined> {
  const numbers: number[] = [];
  const named: string[] = [];
  const visit = (name: string): void => {
    const number = numberOfLocalRun(name);
    if (number !== undefined) numbers.push(number);
    else if (isChild(name)) named.push(name);
  };
  if (!(await visitNames(folder, visit, io))) return undefined;
  const order = await descendingInSlices(Float64Array.from(numbers), new Slices(io));
  return { length: order.length + named.length, named, order };
}

/** The index of the first id (a number, newest first) that is below a limit. */
export function firstBelow(order: Float64Array, limit: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order[middle] ?? 0) < limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
