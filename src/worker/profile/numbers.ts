import type { Slices } from "../../base/slices.ts";
import { reprFloat } from "../../pickle/natural/repr.ts";
import type { ReadNumbers, TableColumn } from "../../pickle/index.ts";
import type { Measures, Profile, Top } from "../../protocol/profile.ts";
import { Bins } from "./histogram.ts";
import { MissingCount } from "./missing.ts";
import { NumberSet } from "./numberSet.ts";
import { rowAt, type Rows } from "../rows.ts";
import { readRows } from "./rows.ts";
import { NumberSummary } from "./summary.ts";
import { shortText, topOf } from "./texts.ts";

/** Numbers that are looked at in one go: a millisecond or two, and they stay in the processor's cache for all that is done with them. */
const BLOCK = 1 << 14;
/** From here on not every whole number is a double. */
const COARSE = 2n ** 53n;

/** What numbers, times and booleans come to that lie in a row in bytes. */
export async function profileNumbers(
  column: TableColumn,
  read: ReadNumbers,
  rows: Rows,
  slices: Slices,
): Promise<Profile> {
  const blocks = new Blocks(read, rows, slices);
  const base = await baseOf(column, blocks, rows);
  const isFloat = /^(float|double|halffloat)/i.test(column.dtype);
  const summary = new NumberSummary(base, isFloat ? undefined : exactlyIn(column));
  const values = new NumberSet();
  const missing = new MissingCount(column, rows);
  await blocks.each(base, async (block, from) => {
    const before = summary.count;
    summary.add(block, (at) => rowAt(rows, from + at));
    values.add(block);
    const absent = block.length - (summary.count - before);
    if (absent > 0) await missing.add(block, from, absent, slices);
    return true;
  });
  const { count, exact } = values.distinct;
  // Integers further apart than doubles tell apart may be more than their doubles are.
  const distinct = { count, exact: exact && summary.isFine };
  const seen = rows.count - missing.pending;
  const profile: Profile = { rows: { read: seen, of: rows.count }, missing: missing.counts, distinct };
  if (summary.count === 0) return profile;
  const isConstant = distinct.exact && distinct.count === 1 && summary.count === seen;
  const known: Profile = {
    ...profile,
    ...(isConstant && { constant: shortText(column.cell(summary.leastRow).text) }),
  };
  if (column.family === "bool") return { ...known, top: topOfBooleans(column, summary) };
  const measures = measuresOf(column, summary, base);
  const { least, greatest, isWhole } = summary;
  if (least > greatest) return { ...known, measures };
  const bins = new Bins(least, greatest, isWhole);
  await blocks.each(base, (block) => {
    bins.add(block);
    return true;
  });
  return { ...known, measures, histogram: bins.histogram(boundWriter(column, base)) };
}

/** Integers are counted from one of them where they are larger than doubles tell apart: then their differences are exact. */
async function baseOf(column: TableColumn, blocks: Blocks, rows: Rows): Promise<bigint> {
  let base = 0n;
  await blocks.each(base, (block, from) => {
    const at = block.findIndex((value) => !Number.isNaN(value));
    const key = at < 0 ? undefined : column.key(rowAt(rows, from + at));
    if (typeof key === "bigint" && (key > COARSE || key < -COARSE)) base = key;
    return at < 0;
  });
  return base;
}

/** The numbers of all rows, block by block. Those of a single block are read once: rows far apart take longer to read than to look at. */
class Blocks {
  readonly #read: ReadNumbers;
  readonly #rows: Rows;
  readonly #slices: Slices;
  readonly #block: Float64Array;
  /** The base of what is in the block, where that is all. */
  #held: bigint | undefined;

  constructor(read: ReadNumbers, rows: Rows, slices: Slices) {
    this.#read = read;
    this.#rows = rows;
    this.#slices = slices;
    this.#block = new Float64Array(Math.min(BLOCK, rows.count));
  }

  /** Calls back with them, less a base, until it answers `false`. The block is the same array each time. */
  async each(
    base: bigint,
    take: (block: Float64Array, from: number) => Promise<boolean> | boolean,
  ): Promise<void> {
    const { count } = this.#rows;
    for (let from = 0; from < count; from += BLOCK) {
      if (this.#slices.areDue) await this.#slices.pause();
      const to = Math.min(count, from + BLOCK);
      const part = this.#block.subarray(0, to - from);
      if (this.#held !== base) readRows(this.#read, this.#rows, { from, to }, part, base);
      if (count <= BLOCK) this.#held = base;
      if (!(await take(part, from))) return;
    }
  }
}

/** The integer of a row; `undefined` where there is none. */
function exactlyIn(column: TableColumn): (row: number) => number | bigint | undefined {
  return (row) => {
    const value = column.key(row);
    return typeof value === "string" ? undefined : value;
  };
}

function measuresOf(column: TableColumn, summary: NumberSummary, base: bigint): Measures {
  const { mean, deviation, zeros, negatives, infinite, leastRow, greatestRow } = summary;
  const ends = { min: column.cell(leastRow).text, max: column.cell(greatestRow).text };
  if (column.family === "time") return { ...ends, ...timeMeasures(column, summary, base) };
  return {
    ...ends,
    mean: reprFloat(Number(base) + mean),
    std: reprFloat(deviation),
    zeros,
    negatives,
    infinite,
  };
}

/** Times have a mean, and spans of time a deviation; periods have neither. */
function timeMeasures(
  { dtype, timeText }: TableColumn,
  { mean, deviation }: NumberSummary,
  base: bigint,
): Pick<Measures, "mean" | "std"> {
  if (timeText === undefined || dtype.startsWith("period")) return {};
  const isSpan = dtype.startsWith("timedelta") && Number.isFinite(deviation);
  return {
    mean: timeText(base + BigInt(Math.round(mean))),
    ...(isSpan && { std: timeText(BigInt(Math.round(deviation))) }),
  };
}

/** How the bounds of bins are written that were counted from a base on. */
function boundWriter({ timeText }: TableColumn, base: bigint): ((value: number) => string) | undefined {
  const isCounted = timeText !== undefined || base !== 0n;
  if (!isCounted) return undefined;
  const write = timeText ?? String;
  return (value) => write(base + BigInt(Math.round(value)));
}

function topOfBooleans(column: TableColumn, { count, zeros, leastRow, greatestRow }: NumberSummary): Top {
  const values = [
    { cell: column.cell(greatestRow), count: count - zeros },
    { cell: column.cell(leastRow), count: zeros },
  ].filter((value) => value.count > 0);
  return topOf(
    values.toSorted((one, other) => other.count - one.count),
    undefined,
  );
}
