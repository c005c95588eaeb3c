import type { Slices } from "../../base/slices.ts";
import { pyRepr } from "../../pickle/index.ts";
import type { CellValue, TableCell } from "../../pickle/index.ts";
import { floatSource } from "../../pickle/table/source.ts";
import { cellText } from "./cellText.ts";
import type { Labels } from "./delimited.ts";
import type { Selection } from "./selection.ts";

/** dtypes that pandas gives a list of such values by itself. */
const INFERRED = /^(int64|float64|bool|object|str)$/;
/** dtypes whose name makes them again. */
const NAMED =
  /^(u?int\d+|float\d+|complex\d+|bool|U?Int\d+|Float\d+|boolean|string(\[\w+\])?|category|(datetime|timedelta)64\[\w+\]|period\[.+\]|Sparse\[.+\]|[\w]+\[pyarrow\]|[<>|][US]\d+)$/;
/** Times in a zone that has a name, by the IANA's or as an offset. */
const ZONED = /^datetime64\[\w+, ([A-Za-z][\w+-]*(?:\/[\w+-]+)*)\]$/;
/** Numbers that numpy makes of a list; pandas 3.1 makes 0 of the largest of them. */
const NUMPY = /^(u?int|float|complex)\d+$/;
/** Cells between two looks at the clock. */
const CELLS = 256;

/**
 * Python source that evaluates to the cells: a `DataFrame`, a `Series`, an array, a list of dicts or a dict of lists. Tells how many cells it writes as text.
 * What must be imported stands first and is known last, so the source is held until it is whole.
 * @param made hears of the characters of each cell; throws to end it
 */
export async function writePython(
  selection: Selection,
  labels: Labels,
  made: (characters: number) => void,
  slices: Slices,
): Promise<PythonSource> {
  return new PythonWriter(selection, labels, made, slices).write();
}

interface PythonSource {
  readonly text: string;
  readonly approximated: number;
}

class PythonWriter {
  readonly #selection: Selection;
  readonly #labels: Labels;
  readonly #made: (characters: number) => void;
  readonly #slices: Slices;
  readonly #modules = new Set<string>();
  #approximated = 0;
  #cells = 0;

  constructor(selection: Selection, labels: Labels, made: (characters: number) => void, slices: Slices) {
    this.#selection = selection;
    this.#labels = labels;
    this.#made = made;
    this.#slices = slices;
  }

  async write(): Promise<PythonSource> {
    const body = await this.#body();
    const imports = [...this.#modules].sort().map((name) => `import ${IMPORTS[name] ?? name}\n`);
    const text = imports.length === 0 ? body : `${imports.join("")}\n${body}`;
    return { text, approximated: this.#approximated };
  }

  async #body(): Promise<string> {
    switch (this.#selection.table.kind) {
      case "frame":
        return this.#frame();
      case "series":
        return this.#series();
      case "array":
        return this.#array();
      case "columns":
        return `columns = {\n${await this.#columns(false)}}\n`;
      case "records":
        return `records = [\n${await this.#records()}]\n`;
    }
  }

  async #frame(): Promise<string> {
    this.#modules.add("pd");
    const { columns, table } = this.#selection;
    const names = columns.map(({ labels }) => this.#label(labels));
    const isPlain = this.#labels.headers && new Set(names).size === names.length;
    const columnsText = await this.#columns(true, isPlain ? names : names.map((_, at) => String(at)));
    const index = await this.#index();
    const made = `pd.DataFrame({\n${columnsText}}${index})`;
    const [level = ""] = table.columnLevels;
    const named =
      table.columnLevels.length > 1
        ? `pd.MultiIndex.from_tuples([${names.join(", ")}], names=${listOf(table.columnLevels)})`
        : isPlain && level === ""
          ? undefined
          : `pd.Index([${names.join(", ")}]${level === "" ? "" : `, name=${pyRepr(level)}`})`;
    return named === undefined || !this.#labels.headers
      ? `df = ${made}\n`
      : `df = ${made}.set_axis(${named}, axis=1)\n`;
  }

  async #series(): Promise<string> {
    this.#modules.add("pd");
    const { columns } = this.#selection;
    if (columns.length !== 1) return this.#frame();
    const name = this.#labels.headers ? this.#label(columns[0]?.labels ?? []) : "None";
    const values = await this.#values(0, true);
    return `series = pd.Series(${values}${name === "None" ? "" : `, name=${name}`}${await this.#index()})\n`;
  }

  /** Of each column a line: `    'a': [1, 2],`. */
  async #columns(isPandas: boolean, names?: readonly string[]): Promise<string> {
    const lines: string[] = [];
    for (const [at, { labels }] of this.#selection.columns.entries())
      lines.push(`    ${names?.[at] ?? this.#label(labels)}: ${await this.#values(at, isPandas)},\n`);
    return lines.join("");
  }

  async #values(at: number, isPandas: boolean): Promise<string> {
    const column = this.#selection.columns[at];
    const dtype = column?.dtype ?? "object";
    const isNamed = isPandas && !INFERRED.test(dtype) && NAMED.test(dtype);
    const parts: string[] = [];
    for (let index = 0; index < this.#selection.rowCount; index++) {
      const value = column?.exact(this.#selection.rowAt(index)) ?? PENDING;
      parts.push(this.#source(value, isNamed && dtype.startsWith("period[")));
      await this.#breathe();
    }
    const list = `[${parts.join(", ")}]`;
    const zone = isPandas ? ZONED.exec(dtype)?.[1] : undefined;
    // Of times with several offsets every version of pandas makes instants, and one zone of these.
    if (zone !== undefined) return `pd.to_datetime(${list}, utc=True).tz_convert(${pyRepr(zone)})`;
    if (isNamed && NUMPY.test(dtype)) {
      this.#modules.add("np");
      return `np.array(${list}, dtype=${pyRepr(dtype)})`;
    }
    return isNamed ? `pd.array(${list}, dtype=${pyRepr(dtype)})` : list;
  }

  /** The labels of the rows, where they are wanted and are no positions. */
  async #index(): Promise<string> {
    const { table, rowCount } = this.#selection;
    const levels = table.rowLevels;
    if (!this.#labels.rowLabels || levels.length === 0) return "";
    const parts: string[] = [];
    for (let index = 0; index < rowCount; index++) {
      const keys = table.rowKeys(this.#selection.rowAt(index)).map((key) => this.#source(key, false));
      parts.push(keys.length === 1 ? (keys[0] ?? "None") : `(${keys.join(", ")})`);
      await this.#breathe();
    }
    const names = levels.map((name) => (name === "" ? "None" : pyRepr(name)));
    if (levels.length > 1)
      return `, index=pd.MultiIndex.from_tuples([${parts.join(", ")}], names=[${names.join(", ")}])`;
    return levels[0] === ""
      ? `, index=[${parts.join(", ")}]`
      : `, index=pd.Index([${parts.join(", ")}], name=${names.join("")})`;
  }

  async #array(): Promise<string> {
    const { columns, table, rowCount } = this.#selection;
    const isRecord =
      table.shape?.length === 1 && (columns.length > 1 || columns[0]?.labels[0]?.kind === "text");
    const rows: string[] = [];
    for (let index = 0; index < rowCount; index++) {
      const row = this.#selection.rowAt(index);
      const parts: string[] = [];
      await this.#breathe();
      for (const column of columns) {
        parts.push(this.#source(column.exact(row), false));
        await this.#breathe();
      }
      if (isRecord) rows.push(`(${parts.join(", ")}${parts.length === 1 ? "," : ""})`);
      else rows.push(table.shape?.length === 1 ? parts.join("") : `[${parts.join(", ")}]`);
    }
    const list = `[${rows.join(", ")}]`;
    const [dtype = "object"] = columns.map((column) => column.dtype);
    if (isRecord && columns.every((column) => NAMED.test(column.dtype))) {
      const fields = columns.map(({ labels, dtype: own }) => `(${this.#label(labels)}, ${pyRepr(own)})`);
      this.#modules.add("np");
      return `array = np.array(${list}, dtype=[${fields.join(", ")}])\n`;
    }
    if (isRecord || !NAMED.test(dtype)) return `values = ${list}\n`;
    this.#modules.add("np");
    const shape = rowCount > 0 && columns.length > 0 ? "" : `.reshape((${rowCount}, ${columns.length}))`;
    return `array = np.array(${list}, dtype=${pyRepr(dtype)})${table.shape?.length === 1 ? "" : shape}\n`;
  }

  /** Of each record a line: `    {'a': 1},`. */
  async #records(): Promise<string> {
    const { columns, rowCount } = this.#selection;
    const names = columns.map(({ labels }) => this.#label(labels));
    const lines: string[] = [];
    for (let index = 0; index < rowCount; index++) {
      const row = this.#selection.rowAt(index);
      const parts: string[] = [];
      await this.#breathe();
      for (const [at, column] of columns.entries()) {
        const value = column.exact(row);
        await this.#breathe();
        if (value.kind !== "absent") parts.push(`${names[at] ?? ""}: ${this.#source(value, false)}`);
      }
      lines.push(`    {${parts.join(", ")}},\n`);
    }
    return lines.join("");
  }

  async #breathe(): Promise<void> {
    if (++this.#cells % CELLS === 0 && this.#slices.areDue) await this.#slices.pause();
  }

  /** @param readsText whether the dtype makes a value of its text */
  #source(value: CellValue, readsText: boolean): string {
    const exact = this.#exactly(value);
    if (exact !== undefined) this.#import(value.kind, exact);
    else if (!readsText) this.#approximated++;
    const source = exact ?? pyRepr(cellText(value) ?? "");
    this.#made(source.length);
    return source;
  }

  #exactly(value: CellValue): string | undefined {
    switch (value.kind) {
      case "none":
      case "absent":
        return "None";
      case "nan":
        return "float('nan')";
      case "na":
        return "pd.NA";
      case "nat":
        return this.#selection.table.kind === "array" ? "'NaT'" : "pd.NaT";
      case "masked":
        this.#approximated++;
        return "None";
      case "pending":
        return undefined;
      case "bool":
        return value.value ? "True" : "False";
      case "int":
        return typeof value.value === "number" ? value.value.toString() : bigSource(value.value);
      case "float":
        return floatSource(value.value, value.text);
      case "text":
      case "bytes":
        return pyRepr(value.value);
      case "printed":
        return value.source;
      case "nested":
        return value.source();
    }
  }

  #import(kind: CellValue["kind"], source: string): void {
    if (kind === "na" || kind === "nat") this.#modules.add("pd");
    if (kind !== "printed" && kind !== "nested") return;
    for (const [, name = ""] of source.matchAll(/\b(np|pd|datetime|decimal|uuid)\./g))
      this.#modules.add(name);
  }

  /** A label as a key; of several levels a tuple. */
  #label(labels: readonly TableCell[]): string {
    const parts = labels.map((label) => labelSource(label));
    if (labels.some(({ kind }) => kind === "nested" || kind === "other")) this.#approximated++;
    if (parts.some((part) => part.startsWith("pd."))) this.#modules.add("pd");
    return parts.length === 1 ? (parts[0] ?? "None") : `(${parts.join(", ")})`;
  }
}

const PENDING = { kind: "pending" } as const;
const IMPORTS: Readonly<Record<string, string>> = { np: "numpy as np", pd: "pandas as pd" };

function labelSource({ text, kind }: TableCell): string {
  switch (kind) {
    case "number":
      return /^-?\d/.test(text) ? text : `float('${text}')`;
    case "bool":
      return text;
    case "none":
      return "None";
    case "nan":
      return "float('nan')";
    case "time":
      return `pd.Timestamp(${pyRepr(text)})`;
    default:
      return pyRepr(text);
  }
}

function listOf(names: readonly string[]): string {
  return `[${names.map((name) => (name === "" ? "None" : pyRepr(name))).join(", ")}]`;
}

/** Python reads no more than 4,300 digits of a decimal. */
function bigSource(value: bigint): string {
  const hex = value.toString(16);
  return hex.length < 3000 ? value.toString() : `0x${hex}`.replace("0x-", "-0x");
}
