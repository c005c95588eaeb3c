import type { SortKey, TableColumn } from "../../pickle/index.ts";
import { isMissing } from "../missing.ts";
import { compareKeys } from "./compare.ts";
import type { Key } from "./compare.ts";
import { boundOf, numberOf } from "./constants.ts";
import type { Comparison, Word } from "./tree.ts";

/** A test of one value by itself. */
export type TestKey = (key: SortKey) => boolean;

/** Whether a value compares so with what was typed: numbers with numbers, texts with texts. */
export function comparesWith(by: Comparison, word: Word): TestKey {
  const { text } = word;
  const number = exactOf(text);
  // Dates are kept as Python prints them.
  const words = word.isQuoted ? text : text.replace(/^(\d{4}-\d\d-\d\d)T/, "$1 ");
  return (key) => {
    if (key === undefined) return false;
    const other = typeof key === "string" ? words : number;
    return other !== undefined && holds(by, compareKeys(key, other));
  };
}

/** Whether a value is one of those that were typed. */
export function isAmong(words: readonly Word[]): TestKey {
  const texts = new Set(words.map(({ text }) => text));
  const numbers = words.flatMap(({ text }) => exactOf(text) ?? []);
  return (key) => {
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
