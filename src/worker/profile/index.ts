import { Slices } from "../../base/slices.ts";
import type { Table, TableColumn } from "../../pickle/index.ts";
import type { Profile } from "../../protocol/profile.ts";
import type { Range } from "../../protocol/table.ts";
import { MOST_CATEGORIES, profileCategories } from "./categories.ts";
import { profileNumbers } from "./numbers.ts";
import { rowAt, type Rows } from "../rows.ts";
import { strided } from "./rows.ts";
import { ValueProfile } from "./values.ts";

/** Rows that an estimate looks at. */
const ESTIMATED_ROWS = 4096;
/** Columns that are profiled at once at most, whatever is asked for. */
const MOST_COLUMNS = 256;
/** Milliseconds after which what is done is answered. */
const ANSWER_MS = 400;
/** Columns of records that are looked at together: a record is read once for all of them. */
const TOGETHER = 8;
/** Values between two looks at the clock. */
const LOOKS = 32;

/** How a profile is made. */
export interface ProfileOptions {
  /** Of all rows; else of some thousand, evenly chosen. */
  readonly exact: boolean;
  readonly signal: AbortSignal;
  /** Of these rows; all of the table unless they are given. */
  readonly rows?: Rows | undefined;
}

/** The profiles of columns, as many as are done soon; of the first one in any case. Never holds the thread for more than some milliseconds. */
export async function profileColumns(
  table: Table,
  { from, to }: Range,
  options: ProfileOptions,
): Promise<Profile[]> {
  const all = options.rows ?? { count: table.rowCount };
  const rows = options.exact ? all : strided(all, ESTIMATED_ROWS);
  const end = Math.min(to, table.columnCount, from + MOST_COLUMNS);
  const untilMs = performance.now() + ANSWER_MS;
  const slices = new Slices({ signal: options.signal });
  const profiles: Profile[] = [];
  while (from + profiles.length < end && (profiles.length === 0 || performance.now() < untilMs)) {
    const next = from + profiles.length;
    const together = table.kind === "records" ? TOGETHER : 1;
    const columns = Array.from({ length: Math.min(together, end - next) }, (_, at) =>
      table.column(next + at),
    );
    profiles.push(...(await profilesOf(columns, rows, slices)).map((profile) => seenOf(profile, all.count)));
  }
  return profiles;
}

/** The profile of all elements of an array with several axes; `undefined` for every other table. */
export async function profileWhole({ whole }: Table, options: ProfileOptions): Promise<Profile | undefined> {
  if (whole === undefined) return undefined;
  const all = { count: whole.rowCount };
  const rows = options.exact ? all : strided(all, ESTIMATED_ROWS);
  const [profile] = await profilesOf([whole.column], rows, new Slices({ signal: options.signal }));
  return profile && seenOf(profile, all.count);
}

/** With how many rows there are. What some of them have in common need not be all the others' as well. */
function seenOf({ constant, ...profile }: Profile, count: number): Profile {
  const { read, of } = profile.rows;
  const isWhole = of === count;
  return { ...profile, rows: { read, of: count }, ...(isWhole && constant !== undefined && { constant }) };
}

async function profilesOf(columns: readonly TableColumn[], rows: Rows, slices: Slices): Promise<Profile[]> {
  const [column] = columns;
  if (column === undefined) return [];
  if (columns.length > 1) return profileValues(columns, rows, slices);
  const { numbers, categories } = column;
  if (numbers !== undefined) return [await profileNumbers(column, numbers, rows, slices)];
  if (categories !== undefined && categories.length <= MOST_CATEGORIES)
    return [await profileCategories(categories, rows, slices)];
  return profileValues(columns, rows, slices);
}

/** Columns that are looked at value by value, row by row. */
async function profileValues(
  columns: readonly TableColumn[],
  rows: Rows,
  slices: Slices,
): Promise<Profile[]> {
  const profiles = columns.map((column) => new ValueProfile(column));
  const forRows = async (those: readonly ValueProfile[], take: (one: ValueProfile, row: number) => void) => {
    for (let at = 0; at < rows.count; at++) {
      if (at % LOOKS === 0 && slices.areDue) await slices.pause();
      const row = rowAt(rows, at);
      for (const one of those) take(one, row);
    }
  };
  await forRows(profiles, (one, row) => {
    one.add(row);
  });
  const unfinished = profiles.filter((one) => one.isUnfinished);
  if (unfinished.length > 0)
    await forRows(unfinished, (one, row) => {
      one.again(row);
    });
  return profiles.map((one) => one.profile(rows.count));
}
