import { reprFloat } from "../../pickle/natural/repr.ts";
import type { CellKind, Missing, SortKey, TableCell, TableColumn } from "../../pickle/index.ts";
import type { Measures, Profile } from "../../protocol/profile.ts";
import { isMissing } from "../missing.ts";
import { Gathered } from "./gathered.ts";
import type { Bins } from "./histogram.ts";
import type { MissingCounts } from "./missing.ts";
import { momentOf, momentText } from "./moments.ts";
import { Tally, type Counted } from "./tally.ts";
import { mostFrequent, shortText, topOf } from "./texts.ts";

/** Values that are put into bins in one go; of more of them the rows are looked at again, in slices. */
const FEW = 1 << 13;

/** What the values of a column come to that are looked at one by one: texts, objects, and whatever stands among them. */
export class ValueProfile {
  readonly #column: TableColumn;
  readonly #tally = new Tally();
  readonly #kinds: Partial<Record<CellKind, number>> = {};
  readonly #missing: MissingCounts = {};
  readonly #numbers: Gathered;
  readonly #moments = new Gathered(() => undefined);
  /** Whether moments name their zone; `"mixed"` where only some do, or where a time is none. */
  #isZoned: boolean | "mixed" | undefined;
  #isCut = false;
  #pending = 0;
  #bins: Bins | undefined;

  constructor(column: TableColumn) {
    this.#column = column;
    this.#numbers = new Gathered((row) => numberIn(column.key(row)));
  }

  /** Takes in a row. */
  add(row: number): void {
    const scalar = this.#column.scalar?.(row);
    if (scalar === undefined) this.#closely(row);
    else if (scalar === null) this.#isMissing("none");
    else if (typeof scalar === "string") this.#counted("text", scalar, row);
    else if (typeof scalar === "boolean") this.#counted("bool", `bool\0${scalar ? "True" : "False"}`, row);
    else if (Number.isNaN(scalar)) this.#isMissing("nan");
    else this.#counted("number", scalar, row);
  }

  /** Whether the numbers have to be looked at once more, for their histogram: {@link again}. */
  get isUnfinished(): boolean {
    if (this.#tally.size <= FEW) return false;
    this.#bins ??= this.#measured?.bins();
    return this.#bins !== undefined;
  }

  /** Takes in a row once more. */
  again(row: number): void {
    const scalar = this.#column.scalar?.(row);
    if (typeof scalar === "number") this.#bin("number", scalar, 1);
    else if (scalar === undefined) this.#bin(this.#column.cell(row).kind, this.#column.key(row), 1);
  }

  /** What they come to. @param count how many rows were taken in */
  profile(count: number): Profile {
    const read = count - this.#pending;
    const { counted, distinct, isFull } = this.#tally;
    const kinds = Object.keys(this.#kinds);
    const top = mostFrequent(counted);
    const isNested = this.#kinds.nested !== undefined;
    const isConstant = !this.#isCut && !isNested && distinct.exact && counted[0]?.count === read;
    const cells = top.map((one) => ({ cell: this.#column.cell(one.row), count: one.count }));
    return {
      rows: { read, of: count },
      missing: this.#missing,
      ...((kinds.length > 1 || isNested) && { kinds: this.#kinds }),
      ...(!isNested && { distinct: { ...distinct, exact: distinct.exact && !this.#isCut } }),
      ...(isConstant && { constant: shortText(cells[0]?.cell.text ?? "") }),
      ...this.#measures(counted),
      ...(top.length > 0 && { top: topOf(cells, isFull ? counted.length : undefined) }),
    };
  }

  /** What has a mean: numbers, or moments where there are no numbers. */
  get #measured(): Gathered | undefined {
    if (this.#numbers.summary.count > 0) return this.#numbers;
    const isTime = typeof this.#isZoned === "boolean";
    return isTime ? this.#moments : undefined;
  }

  /** Takes in what is no plain scalar. */
  #closely(row: number): void {
    const column = this.#column;
    const key = column.key(row);
    if (typeof key !== "string") {
      this.#cell(column.cell(row), key, row);
      return;
    }
    const known = this.#tally.get(key);
    // What the same text is was told by the cell of the first.
    const kind = known?.kind ?? (column.family === "text" ? "text" : column.cell(row).kind);
    this.#counted(kind, key, row);
  }

  /** Takes in what its key does not tell. */
  #cell(cell: TableCell, key: SortKey, row: number): void {
    const { kind, text } = cell;
    if (kind === "pending") this.#pending++;
    else if (isMissing(kind)) this.#isMissing(kind);
    // Python's Decimal has a NaN as well.
    else if (typeof key === "number" && Number.isNaN(key)) this.#isMissing("nan");
    else if (kind === "nested") this.#told(kind, key, row);
    else {
      if (cell.cut === true) this.#isCut = true;
      // A Decimal has as many digits as it likes, its key has not. And a text may look like any other value.
      const isItself = kind === "number" && key !== undefined && writtenAs(key, text);
      const counted = this.#tally.add(isItself ? key : `${kind}\0${text}`, row);
      if (counted !== undefined) counted.kind = kind;
      this.#told(kind, key, row);
    }
  }

  #isMissing(kind: Missing): void {
    this.#missing[kind] = (this.#missing[kind] ?? 0) + 1;
  }

  #counted(kind: CellKind, key: string | number | bigint, row: number): void {
    const counted = this.#tally.add(key, row);
    if (counted !== undefined) counted.kind = kind;
    this.#told(kind, key, row);
  }

  /** Counts a value of a kind, and measures it where that is one. */
  #told(kind: CellKind, key: SortKey, row: number): void {
    this.#kinds[kind] = (this.#kinds[kind] ?? 0) + 1;
    if (kind === "number") {
      const value = numberIn(key);
      if (value !== undefined) this.#numbers.add(asDouble(value), row);
    } else if (kind === "time" && typeof key === "string") {
      const moment = momentOf(key);
      const isZoned = moment?.isZoned ?? "mixed";
      this.#isZoned = (this.#isZoned ?? isZoned) === isZoned ? isZoned : "mixed";
      if (moment !== undefined) this.#moments.add(moment.microseconds, row);
    }
  }

  #measures(counted: readonly Counted[]): Pick<Profile, "measures" | "histogram"> {
    const measured = this.#measured;
    if (measured === undefined) return {};
    const { leastRow, greatestRow, mean, deviation, zeros, negatives, infinite } = measured.summary;
    const column = this.#column;
    const isTime = measured === this.#moments;
    const isZoned = this.#isZoned === true;
    const ends = { min: column.cell(leastRow).text, max: column.cell(greatestRow).text };
    const measures: Measures = isTime
      ? { ...ends, mean: momentText(mean, isZoned) }
      : { ...ends, mean: reprFloat(mean), std: reprFloat(deviation), zeros, negatives, infinite };
    const bins = this.#bins ?? this.#binsOf(measured, counted);
    const write = isTime ? (value: number) => momentText(value, isZoned) : undefined;
    return { measures, ...(bins !== undefined && { histogram: bins.histogram(write) }) };
  }

  /** Of values that were all counted, without looking at them again. */
  #binsOf(measured: Gathered, counted: readonly Counted[]): Bins | undefined {
    this.#bins = measured.bins();
    for (const { key, kind = "other", count, row } of counted)
      this.#bin(kind, typeof key === "string" ? this.#column.key(row) : key, count);
    return this.#bins;
  }

  #bin(kind: CellKind, key: SortKey, times: number): void {
    const isTime = this.#measured === this.#moments;
    if (kind !== (isTime ? "time" : "number")) return;
    const number = numberIn(key);
    const value = isTime
      ? momentOf(String(key))?.microseconds
      : number === undefined
        ? undefined
        : asDouble(number);
    if (value !== undefined && value - value === 0) this.#bins?.addOne(value, times);
  }
}

/** Whether a number is all that a text says. */
function writtenAs(key: string | number | bigint, text: string): boolean {
  return String(key) === text || (typeof key === "number" && reprFloat(key) === text);
}

/** The number that a key is; a whole one may be too large for any but a text. */
function numberIn(key: SortKey): number | bigint | undefined {
  if (typeof key !== "string") return key;
  return /^-?\d{1,5000}$/.test(key) ? BigInt(key) : undefined;
}

/** The nearest double, never infinite for what is not. */
function asDouble(value: number | bigint): number {
  if (typeof value === "number") return value;
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(value)));
}
