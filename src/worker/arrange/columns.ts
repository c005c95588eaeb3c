import { Slices } from "../../base/slices.ts";
import type { Table, TableColumn } from "../../pickle/index.ts";
import type { ColumnPositions } from "../../protocol/arrange.ts";

/** Characters of a name that are told. */
const MOST_CHARACTERS = 200;

/** A column, or below zero a level of the rows' labels: -1 is the first. */
export function columnAt(table: Table, at: number): TableColumn | undefined {
  if (at < 0) return -1 - at < table.rowLevels.length ? table.rowColumn?.(-1 - at) : undefined;
  return at < table.columnCount ? table.column(at) : undefined;
}

/** What a column is called in a filter: labels of several levels with dots between them. */
export function nameOf({ labels }: TableColumn): string {
  return labels.map(({ text }) => text).join(".");
}

/** The names of a table's columns, read once. */
const known = new WeakMap<Table, Promise<readonly string[]>>();

/** The names of the columns by their positions. */
export async function namesOf(table: Table): Promise<readonly string[]> {
  const names = known.get(table) ?? readNames(table);
  known.set(table, names);
  return names;
}

// Without a signal: who asks next needs the same names.
async function readNames(table: Table): Promise<readonly string[]> {
  const slices = new Slices();
  const names: string[] = [];
  for (let at = 0; at < table.columnCount; at++) {
    if (slices.areDue) await slices.pause();
    names.push(nameOf(table.column(at)));
  }
  return names;
}

/** The position of the column that a person calls by a name; `undefined` where there is none. */
export async function positionOf(table: Table, name: string): Promise<number | undefined> {
  const names = await namesOf(table);
  const exact = names.indexOf(name);
  if (exact >= 0) return exact;
  const level = table.rowLevels.indexOf(name);
  if (level >= 0 && table.rowColumn !== undefined) return -1 - level;
  const lower = name.toLowerCase();
  const alike = names.findIndex((one) => one.toLowerCase() === lower);
  if (alike >= 0) return alike;
  return lower === "index" && table.rowLevels.length > 0 && table.rowColumn !== undefined ? -1 : undefined;
}

/** Columns whose name has a text in it, in whatever case; at most `limit`. */
export async function matchingColumns(table: Table, text: string, limit: number): Promise<ColumnPositions> {
  const all = await namesOf(table);
  const wanted = text.toLowerCase();
  const positions: number[] = [];
  const names: string[] = [];
  for (let at = 0; at < all.length && positions.length < limit; at++) {
    const name = all[at] ?? "";
    if (!name.toLowerCase().includes(wanted)) continue;
    positions.push(at);
    names.push(name.slice(0, MOST_CHARACTERS));
  }
  return { positions, names };
}
