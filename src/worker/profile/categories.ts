import type { Slices } from "../../base/slices.ts";
import type { Categories } from "../../pickle/table/table.ts";
import type { Profile } from "../../protocol/profile.ts";
import type { Rows } from "../rows.ts";
import { readRows } from "./rows.ts";
import { mostFrequent, shortText, topOf } from "./texts.ts";

const BLOCK = 1 << 14;
/** Categories that are counted each by itself; more of them are counted as values. */
export const MOST_CATEGORIES = 1 << 20;

/** What a column comes to that says of each row which of a few values it has. */
export async function profileCategories(
  categories: Categories,
  rows: Rows,
  slices: Slices,
): Promise<Profile> {
  const counts = new Float64Array(categories.length);
  const block = new Float64Array(Math.min(BLOCK, rows.count));
  let missing = 0;
  for (let from = 0; from < rows.count; from += BLOCK) {
    if (slices.areDue) await slices.pause();
    const to = Math.min(rows.count, from + BLOCK);
    const part = block.subarray(0, to - from);
    readRows(categories.codes, rows, { from, to }, part, 0n);
    for (const place of part) {
      if (place >= 0 && place < counts.length) counts[place] = (counts[place] ?? 0) + 1;
      else missing++;
    }
  }
  const top = mostFrequent(placesIn(counts)).map(({ place, count }) => ({
    cell: categories.cell(place),
    count,
  }));
  const distinct = counts.reduce((sum, count) => sum + Number(count > 0), 0);
  return {
    rows: { read: rows.count, of: rows.count },
    missing: missing > 0 ? { nan: missing } : {},
    distinct: { count: distinct, exact: true },
    ...(distinct === 1 && missing === 0 && { constant: shortText(top[0]?.cell.text ?? "") }),
    ...(distinct > 0 && { top: topOf(top, undefined) }),
  };
}

function* placesIn(counts: Float64Array): Iterable<{ readonly place: number; readonly count: number }> {
  for (const [place, count] of counts.entries()) if (count > 0) yield { place, count };
}
