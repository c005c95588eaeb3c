import { ByteNeedle } from "../../pickle/byteNeedle.ts";
import type { ReadNumbers, Table, TableColumn } from "../../pickle/index.ts";
import { columnAt } from "./columns.ts";
import { Digits } from "./digits.ts";
import { digitScan } from "./digitScan.ts";
import { BLOCK_ROWS } from "./keys.ts";
import type { NumberTest } from "./floatDigits.ts";
import { anyOf, byRow, nobody, SOME_ROWS } from "./matcher.ts";
import type { Matcher } from "./matcher.ts";
import { amongSet } from "./numbersMatch.ts";
import { numberTest, printerOf } from "./printed.ts";
import { inTimes } from "./timesMatch.ts";
import { textOf } from "./values.ts";

/** What is looked for in texts, in whatever case unless it is to be matched. */
export class Needle {
  /** In small letters, unless the case is to be matched. */
  readonly text: string;
  /** The same where it is a row of digits: one for all columns. */
  readonly digits: Digits | undefined;
  /** The same for what looks into bytes; `undefined` where it must be looked for in texts. */
  readonly bytes: ByteNeedle | undefined;
  readonly #matchCase: boolean;

  constructor(text: string, matchCase: boolean) {
    this.#matchCase = matchCase;
    this.text = matchCase ? text : text.toLowerCase();
    this.digits = Digits.of(this.text);
    this.bytes = ByteNeedle.of(this.text, matchCase);
  }

  /** Whether it is in a text. */
  isIn(text: string): boolean {
    if (text.length < this.text.length && this.#matchCase) return false;
    return (this.#matchCase ? text : text.toLowerCase()).includes(this.text);
  }

  /** `false` where no cell of the column can have it, by what its values are. */
  mayBeIn({ numbers, family, dtype }: TableColumn): boolean {
    if (numbers === undefined) return true;
    const text = this.text;
    switch (family) {
      case "time":
        return !dtype.startsWith("datetime64") || /^[\d:.T +-]*$/i.test(text);
      case "bool":
        return this.isIn("True") || this.isIn("False");
      case "number":
        return /^(u?int)/i.test(dtype)
          ? /^-?\d+$|^-$/.test(text)
          : /^[\d.e+-]*$/.test(text) || this.isIn("inf") || this.isIn("-inf");
      default:
        return true;
    }
  }
}

/** The rows of a column whose text has a text in it, in whatever case. */
export function containing(column: TableColumn, text: string): Matcher {
  return columnWith(column, new Needle(text, false));
}

/** The same of what is to be found in the cells of a column. */
export function columnWith(column: TableColumn, needle: Needle): Matcher {
  if (!needle.mayBeIn(column)) return nobody;
  const { categories } = column;
  if (categories !== undefined) {
    const codes = new Set<number>();
    for (let code = 0; code < categories.length; code++)
      if (needle.isIn(categories.cell(code).text)) codes.add(code);
    return amongSet(categories.codes, codes);
  }
  const isIn = (row: number): boolean => {
    const found = textOf(column, row);
    return found !== undefined && needle.isIn(found);
  };
  const { numbers, has } = column;
  const { bytes } = needle;
  if (numbers === undefined) return byRow(has && bytes ? (row) => has(row, bytes) ?? isIn(row) : isIn);
  return inTimes(column, needle, isIn) ?? byNumber(column, numbers, needle);
}

/** The rows whose number passes a test; where that tells nothing, its text or that of the row is looked into. */
function byNumber(column: TableColumn, read: ReadNumbers, needle: Needle): Matcher {
  const { dtype } = column;
  const { digits } = needle;
  const test = numberTest(dtype, needle.text, digits) ?? tellsNothing;
  const print = printerOf(dtype);
  const isIn = (value: number, row: number): boolean => {
    if (value !== value) return false;
    const told = test(value);
    if (told !== undefined) return told;
    const text = print?.(value) ?? textOf(column, row);
    return text !== undefined && needle.isIn(text);
  };
  const scan = digits && digitScan(dtype, digits);
  if (scan === undefined) return byEach(read, isIn);
  return {
    narrow: async (from, to, wanted, slices) => {
      const open = scan.narrow(read, from, to, wanted);
      for (const [index, at] of open.at.entries()) {
        if (index % SOME_ROWS === 0 && slices.areDue) await slices.pause();
        if (!isIn(open.values[index] ?? NaN, from + at)) wanted[at] = 0;
      }
    },
  };
}

/** The rows for whose number a test holds. */
function byEach(read: ReadNumbers, test: (value: number, row: number) => boolean): Matcher {
  const values = new Float64Array(BLOCK_ROWS);
  return {
    narrow: async (from, to, wanted, slices) => {
      read(from, to, values);
      const count = to - from;
      for (let first = 0; first < count; first += SOME_ROWS) {
        if (slices.areDue) await slices.pause();
        const last = Math.min(count, first + SOME_ROWS);
        for (let at = first; at < last; at++)
          if (wanted[at] !== 0 && !test(values[at] ?? NaN, from + at)) wanted[at] = 0;
      }
    },
  };
}

const tellsNothing: NumberTest = () => undefined;

/** The rows with a text in any column, or in their labels. */
export function anywhere(table: Table, text: string): Matcher {
  const needle = new Needle(text, false);
  const columns: Matcher[] = [];
  for (let at = -table.rowLevels.length; at < table.columnCount; at++) {
    const column = columnAt(table, at);
    if (column !== undefined && needle.mayBeIn(column)) columns.push(columnWith(column, needle));
  }
  return anyOf(columns);
}
