import type { SortKey, TableCell, TableColumn } from "../../pickle/index.ts";
import { isMissing } from "../missing.ts";
import { compareKeys } from "./compare.ts";
import type { Key } from "./compare.ts";
import { boundOf, numberOf } from "./constants.ts";
import { clockOfText, timeBound } from "./times.ts";
import type { Comparison, Word } from "./tree.ts";

/** A test of one value by itself. @param time what it is printed as, where its key counts something that only its type tells */
export type TestKey = (key: SortKey, time?: string) => boolean;

/** Whether a value compares so with what was typed: numbers with numbers, texts with texts. */
export function comparesWith(by: Comparison, word: Word): TestKey {
  const { text } = word;
  const number = exactOf(text);
  // Dates are kept as Python prints them.
  const words = word.isQuoted ? text : text.replace(/^(\d{4}-\d\d-\d\d)T/, "$1 ");
  const isTime = timeTest(by, text);
  return (key, time) => {
    if (key === undefined) return false;
    if (time !== undefined) return isTime(time);
    const other = typeof key === "string" ? words : number;
    return other !== undefined && holds(by, compareKeys(key, other));
  };
}

/** Whether a time compares so with what was typed, both as they are printed. */
function timeTest(by: Comparison, text: string): (time: string) => boolean {
  const clock = clockOfText(text);
  const bound = clock && timeBound(text, clock);
  if (clock === undefined || bound === undefined) return () => false;
  return (time) => {
    const own = timeBound(time, clock);
    return own !== undefined && holds(by, compareKeys(own.floor, bound.floor));
  };
}

/** What a time is printed as that stands by itself; `undefined` for every other value. */
export function printedTime(key: SortKey, cell: () => TableCell): string | undefined {
  // Dates count microseconds, nanoseconds or days, all as whole numbers.
  if (typeof key !== "bigint") return undefined;
  const { kind, text } = cell();
  return kind === "time" ? text : undefined;
}

/** Whether a value is one of those that were typed. */
export function isAmong(words: readonly Word[]): TestKey {
  const texts = new Set(words.map(({ text }) => text));
  const numbers = words.flatMap(({ text }) => exactOf(text) ?? []);
  const times = words.map(({ text }) => timeTest("==", text));
  return (key, time) => {
    if (time !== undefined) return times.some((isTime) => isTime(time));
    if (typeof key === "string") return texts.has(key);
    return key !== undefined && numbers.some((one) => compareKeys(key, one) === 0);
  };
}

/** A whole number as a bigint where no number is, so that it is compared exactly. */
function exactOf(text: string): Key | undefined {
  const number = numberOf(text);
  const bound = number === undefined || Number.isSafeInteger(number) ? undefined : boundOf(text);
  return bound?.isWhole === true ? bound.floor : number;
}

function holds(by: Comparison, order: number): boolean {
  switch (by) {
    case "==":
      return order === 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

/** The text of a row to look in: the whole of a text, of other values what their cells show; `undefined` where it is missing. */
export function textOf(column: TableColumn, row: number): string | undefined {
  // Of what lies in bytes the key is a number.
  if (column.numbers === undefined && column.family !== "time") {
    const scalar = column.scalar?.(row);
    if (typeof scalar === "string") return scalar;
    const key = scalar === undefined ? column.key(row) : undefined;
    if (typeof key === "string") return key;
  }
  const { text, kind } = column.cell(row);
  return isMissing(kind) || kind === "pending" ? undefined : text;
}
