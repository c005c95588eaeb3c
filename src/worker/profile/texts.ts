import type { TableCell } from "../../pickle/index.ts";
import type { Frequent, Top } from "../../protocol/profile.ts";

/** Characters of a value that are sent with a profile. */
const MOST_CHARACTERS = 200;
/** Values that are told of those that are there most often. */
const MOST_TOP = 20;

/** A value as it is sent. */
export function shortText(text: string): string {
  return text.length <= MOST_CHARACTERS
    ? text
    : `${text.slice(0, MOST_CHARACTERS).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** The values that are there most often, in descending order. */
export function topOf(
  values: readonly { readonly cell: TableCell; readonly count: number }[],
  ofFirst: number | undefined,
): Top {
  const sent = values.map(({ cell, count }): Frequent => {
    return { text: shortText(cell.text), kind: cell.kind, count };
  });
  return { values: sent, ...(ofFirst !== undefined && { ofFirst }) };
}

/** Those that are there most often, in descending order; of those that are as often those that came first. */
export function mostFrequent<T extends { readonly count: number }>(values: Iterable<T>): T[] {
  const best: T[] = [];
  for (const value of values) {
    if (best.length === MOST_TOP && value.count <= (best.at(-1)?.count ?? 0)) continue;
    const at = best.findIndex(({ count }) => count < value.count);
    best.splice(at < 0 ? best.length : at, 0, value);
    if (best.length > MOST_TOP) best.pop();
  }
  return best;
}
