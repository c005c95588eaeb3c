import type { Table, TableColumn } from "../../pickle/index.ts";
import { columnAt, nameOf, positionOf } from "./columns.ts";
import { boundOf, numberOf } from "./constants.ts";
import type { Bound } from "./constants.ts";
import { anywhere, containing } from "./containing.ts";
import { allOf, anyOf, byRow, nobody, noneOf } from "./matcher.ts";
import type { Matcher } from "./matcher.ts";
import {
  amongNumbers,
  amongSet,
  floatInterval,
  inFloats,
  inWhole,
  overlap,
  rounding,
  wholeInterval,
  withoutNumber,
} from "./numbersMatch.ts";
import type { Interval } from "./numbersMatch.ts";
import { Pattern } from "./patterns.ts";
import { clockOf, timeBound } from "./times.ts";
import type { Clock } from "./times.ts";
import { FilterError } from "./tree.ts";
import type { Comparison, Tree, Word } from "./tree.ts";
import { comparesWith, isAmong, printedTime, textOf } from "./values.ts";
import type { TestKey } from "./values.ts";

/** What a filter says, for the rows of a table. Throws FilterError where it names no column of it, or a value that the column cannot have. */
export async function compile(table: Table, tree: Tree): Promise<Matcher> {
  switch (tree.t) {
    case "and":
    case "or": {
      const parts: Matcher[] = [];
      for (const part of tree.parts) parts.push(await compile(table, part));
      return tree.t === "and" ? allOf(parts) : anyOf(parts);
    }
    case "not":
      return noneOf(await compile(table, tree.part));
    case "anywhere":
      return anywhere(table, tree.text);
    default:
      return testOf(await columnNamed(table, tree.name), tree);
  }
}

async function columnNamed(table: Table, name: Word): Promise<TableColumn> {
  const at = await positionOf(table, name.text);
  const column = at === undefined ? undefined : columnAt(table, at);
  if (column === undefined) throw new FilterError("unknown-column", name.text, name);
  return column;
}

type Test = Exclude<Tree, { readonly t: "and" | "or" | "not" | "anywhere" }>;

function testOf(column: TableColumn, test: Test): Matcher {
  switch (test.t) {
    case "compare":
      return compared(column, [[test.by, test.value]]);
    case "between":
      return compared(column, [
        [">=", test.low],
        ["<=", test.high],
      ]);
    case "in":
      return among(column, test.values);
    case "contains":
      return containing(column, test.value.text);
    case "matches":
      return matching(column, test.pattern);
    case "missing":
      return missing(column, new Set(test.kinds));
  }
}

type Comparisons = readonly (readonly [Comparison, Word])[];

/** The rows that compare so with each of the values. */
function compared(column: TableColumn, all: Comparisons): Matcher {
  const { numbers, dtype, categories } = column;
  if (categories !== undefined || numbers === undefined) {
    const tests = all.map(([by, word]) => comparesWith(by, word));
    return byValue(column, (key, time) => tests.every((test) => test(key, time)));
  }
  if (column.family === "time") {
    const clock = clockOf(dtype);
    if (clock === undefined) return byText(column, all);
    return whole(
      column,
      all.map(([by, word]) => [by, timeOf(column, word, clock)]),
    );
  }
  if (isWhole(column)) {
    return whole(
      column,
      all.map(([by, word]) => [by, wholeOf(column, word)]),
    );
  }
  const round = rounding(dtype);
  return allOf(all.map(([by, word]) => inFloats(numbers, floatInterval(by, round(numberIn(column, word))))));
}

/** Whether the numbers of a column are whole, and to be compared exactly. */
function isWhole({ dtype, family }: TableColumn): boolean {
  return family === "bool" || /^u?int/i.test(dtype);
}

type Bounds = readonly (readonly [Comparison, Bound | number])[];

function whole(column: TableColumn, all: Bounds): Matcher {
  const { numbers } = column;
  if (numbers === undefined) return nobody;
  let interval: Interval<bigint | undefined> = { low: undefined, high: undefined };
  for (const [by, bound] of all) {
    const own = typeof bound === "number" ? endless(by, bound) : wholeInterval(by, bound);
    if (own === undefined) return nobody;
    interval = overlap(interval, own);
  }
  return inWhole(column, numbers, interval);
}

/** The whole numbers that compare so with one that is larger, or smaller, than all of them. */
function endless(by: Comparison, value: number): Interval<bigint | undefined> | undefined {
  const isAll = value > 0 ? by.startsWith("<") : by.startsWith(">");
  return isAll ? { low: undefined, high: undefined } : undefined;
}

function wholeOf(column: TableColumn, word: Word): Bound | number {
  return boundOf(word.text) ?? numberIn(column, word);
}

function numberIn(column: TableColumn, word: Word): number {
  const number = numberOf(word.text);
  if (number === undefined) throw new FilterError("number-expected", nameOf(column), word);
  return number;
}

function timeOf(column: TableColumn, word: Word, clock: Clock): Bound {
  const bound = timeBound(word.text, clock);
  if (bound === undefined) throw new FilterError("time-expected", nameOf(column), word);
  return bound;
}

function among(column: TableColumn, words: readonly Word[]): Matcher {
  const { numbers, dtype, categories, family } = column;
  if (categories !== undefined || numbers === undefined) return byValue(column, isAmong(words));
  if (family === "time") {
    const clock = clockOf(dtype);
    const each = (word: Word): Matcher =>
      clock === undefined
        ? byText(column, [["==", word]])
        : whole(column, [["==", timeOf(column, word, clock)]]);
    return anyOf(words.map(each));
  }
  for (const word of words) numberIn(column, word);
  return amongNumbers(
    column,
    numbers,
    words.map(({ text }) => text),
    isWhole(column),
  );
}

/** What counts months or years, compared as it is printed. */
function byText(column: TableColumn, all: Comparisons): Matcher {
  const tests = all.map(([by, word]) => comparesWith(by, word));
  return byRow((row) => {
    const text = textOf(column, row);
    return tests.every((test) => test(text));
  });
}

/** The rows whose value passes a test: of categories each is tested once. */
function byValue(column: TableColumn, test: TestKey): Matcher {
  const { categories } = column;
  return categories === undefined
    ? byRow((row) => passes(column, row, test))
    : amongSet(
        categories.codes,
        codesThat(categories.length, (code) => passes(categories, code, test)),
      );
}

function passes(values: Pick<TableColumn, "key" | "cell">, at: number, test: TestKey): boolean {
  const key = values.key(at);
  return test(
    key,
    printedTime(key, () => values.cell(at)),
  );
}

function codesThat(length: number, test: (code: number) => boolean): Set<number> {
  const codes = new Set<number>();
  for (let code = 0; code < length; code++) if (test(code)) codes.add(code);
  return codes;
}

function matching(column: TableColumn, word: Word): Matcher {
  const pattern = new Pattern(word);
  return {
    narrow: async (from, to, wanted, slices) =>
      pattern.narrow(to - from, wanted, (at) => textOf(column, from + at), slices),
  };
}

/** The rows without a value, in one of these ways. */
function missing(column: TableColumn, kinds: ReadonlySet<string>): Matcher {
  const read = column.categories?.codes ?? column.numbers;
  const byKind = byRow((row) => kinds.has(column.cell(row).kind));
  return read === undefined ? byKind : allOf([withoutNumber(read), byKind]);
}
