import { joined, pyRepr, reprParts, reprText, type ReprPart } from "../natural/repr.ts";

/** Rows that a `repr` shows. */
const SHOWN = 10;

/** A value that pandas has a class of its own for. Python: `pandas.Timestamp`, `Timedelta`, `Period`, `Interval`. */
export class PandasScalar {
  /** The name of the class. */
  readonly kind: PandasKind;
  /** A Timestamp's or Timedelta's `isoformat()`, with all nanoseconds and the offset from UTC; `str()` of the others. */
  readonly text: string;

  /** @internal */
  constructor(kind: PandasKind, text: string) {
    this.kind = kind;
    this.text = text;
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return [`${this.kind}(${reprText(this.text)})`];
  }

  /** The text. */
  toString(): string {
    return this.text;
  }
}

/** The classes of pandas' scalars. */
export type PandasKind = "Timestamp" | "Timedelta" | "Period" | "Interval";

/** @internal */
export interface Values {
  readonly dtype: string;
  readonly length: number;
  at(index: number): unknown;
}

// Names and labels may be any value, also the one that they belong to: they are made when somebody asks.

/** Labels of rows or columns, each read when it is asked for. Python: `pandas.Index` and its kinds. */
export class PandasIndex {
  readonly #names: () => readonly unknown[];
  /** Python: `str(dtype)` of each level. */
  readonly dtypes: readonly string[];
  /** Python: `len(index)`. */
  readonly length: number;
  readonly #labels: Values;

  /** @internal */
  constructor(names: () => readonly unknown[], dtypes: readonly string[], labels: Values) {
    this.#names = names;
    this.dtypes = dtypes;
    this.length = labels.length;
    this.#labels = labels;
  }

  /** Python: `names`; `null` for a level without one. */
  get names(): readonly unknown[] {
    return this.#names();
  }

  /** Python: `index[i]`; of several levels an array of their labels. `null` where it is missing. Throws RangeError. */
  at(index: number): unknown {
    return this.#labels.at(checked(index, this.length));
  }

  /** All labels in order. */
  *[Symbol.iterator](): IterableIterator<unknown> {
    for (let at = 0; at < this.length; at++) yield this.#labels.at(at);
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return ["Index([", ...shown(this.#labels), `], dtype=${this.dtypes.join(", ")})`];
  }

  /** The first labels and the dtype. */
  toString(): string {
    return pyRepr(this);
  }
}

/** A column with its labels; values are read when they are asked for. Python: `pandas.Series`. */
export class Series {
  readonly #name: () => unknown;
  /** Python: `str(dtype)`. */
  readonly dtype: string;
  /** Python: `len(series)`. */
  readonly length: number;
  /** The labels of the rows. */
  readonly index: PandasIndex;
  readonly #values: Values;

  /** @internal */
  constructor(name: () => unknown, values: Values, index: PandasIndex) {
    this.#name = name;
    this.dtype = values.dtype;
    this.length = values.length;
    this.index = index;
    this.#values = values;
  }

  /** Python: `name`; `null` where it has none. */
  get name(): unknown {
    return this.#name();
  }

  /** Python: `series.iloc[i]`; `null` where it is missing. Throws RangeError. */
  at(index: number): unknown {
    return this.#values.at(checked(index, this.length));
  }

  /** All values in order. */
  *[Symbol.iterator](): IterableIterator<unknown> {
    for (let at = 0; at < this.length; at++) yield this.#values.at(at);
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return ["Series([", ...shown(this.#values), `], dtype=${this.dtype}, length=${this.length})`];
  }

  /** The first values and the dtype. */
  toString(): string {
    return pyRepr(this);
  }
}

/** A table; values are read when they are asked for. Python: `pandas.DataFrame`. */
export class DataFrame {
  /** Python: `str(dtype)` of each column. */
  readonly dtypes: readonly string[];
  /** The labels of the rows. */
  readonly index: PandasIndex;
  /** Python: `len(frame)`. */
  readonly rowCount: number;
  readonly #labels: Values;
  readonly #column: (at: number) => Values | undefined;
  #columns: readonly unknown[] | undefined;

  /** @internal */
  constructor(labels: Values, index: PandasIndex, column: (at: number) => Values | undefined) {
    this.#labels = labels;
    this.dtypes = Array.from({ length: labels.length }, (_, at) => column(at)?.dtype ?? "");
    this.index = index;
    this.rowCount = index.length;
    this.#column = column;
  }

  /** The labels of the columns; of several levels arrays of labels. */
  get columns(): readonly unknown[] {
    return (this.#columns ??= Array.from({ length: this.#labels.length }, (_, at) => this.#labels.at(at)));
  }

  /** The first column of a name; `undefined` where there is none. A name of several levels is given as an array. Python: `frame[name]`. */
  column(name: unknown): Series | undefined {
    const wanted = keyOf(name);
    const at = this.columns.findIndex((label) => keyOf(label) === wanted);
    const values = at < 0 ? undefined : this.#column(at);
    return values && new Series(() => this.columns[at], values, this.index);
  }

  /** The values of the rows `from` to `to`, `to` excluded, in the order of the columns. Python: `frame.iloc[from:to]`. */
  rows(from = 0, to = this.rowCount): unknown[][] {
    const columns = this.dtypes.map((_, at) => this.#column(at));
    const [first, last] = [Math.max(0, from), Math.min(to, this.rowCount)];
    return Array.from({ length: Math.max(0, last - first) }, (_, row) =>
      columns.map((column) => column?.at(first + row)),
    );
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    const columns = this.columns.map((label, at): ReprPart[] => [
      { value: label },
      ` ${this.dtypes[at] ?? ""}`,
    ]);
    return [`DataFrame(${this.rowCount} × ${this.dtypes.length}: `, ...joined(columns), ")"];
  }

  /** How large it is, and what its columns are. */
  toString(): string {
    return pyRepr(this);
  }
}

/** Labels that are equal have one; numbers and texts are told apart. */
function keyOf(label: unknown): string {
  return pyRepr(label);
}

function shown(values: Values): ReprPart[] {
  const parts = Array.from({ length: Math.min(SHOWN, values.length) }, (_, at): ReprPart[] => [
    { value: values.at(at) },
  ]);
  return joined(values.length > SHOWN ? [...parts, ["…"]] : parts);
}

function checked(index: number, length: number): number {
  const at = index < 0 ? index + length : index;
  if (!Number.isInteger(at) || at < 0 || at >= length)
    throw new RangeError(`index ${index} is out of bounds for length ${length}`);
  return at;
}
