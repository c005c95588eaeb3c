import { REPEATED } from "../allowance.ts";
import { PyDecimal, PyOpaque } from "../natural/classes.ts";
import { PyDate, PyTime } from "../natural/temporal.ts";
import type { ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { DataFrame, PandasIndex, PandasScalar, Series, type Values } from "./classes.ts";
import type { Cell, Cells, Column, PrintedCell } from "./cells.ts";
import type { Frame, Series as SeriesShape } from "./frames.ts";
import type { Index } from "./indexes.ts";
import { printedCell } from "./text.ts";

/** Makes the natural values of pandas' shapes. `value` gives the natural value of what is an object of its own. */
export class PandasValues {
  readonly #reader: ValueReader;
  readonly #value: (ref: Ref) => unknown;

  constructor(reader: ValueReader, value: (ref: Ref) => unknown) {
    this.#reader = reader;
    this.#value = value;
  }

  frame(frame: Frame): DataFrame {
    return new DataFrame(this.#values(frame.columns.labels), this.index(frame.index), (at) => {
      const column = frame.column(at);
      return column && this.#values(column);
    });
  }

  series({ name, values, index }: SeriesShape): Series {
    return new Series(() => this.cell(name), this.#values(values), this.index(index));
  }

  index({ names, dtypes, labels }: Index): PandasIndex {
    return new PandasIndex(() => names.map((name) => this.cell(name)), dtypes, this.#values(labels));
  }

  #values(column: Column): Values {
    return { dtype: column.dtype, length: column.length, at: (index) => this.cell(column.at(index)) };
  }

  /** `null` for what is missing. */
  cell(cell: Cell, left = { cells: MOST_CELLS }): unknown {
    if (cell === undefined) return null;
    if ("element" in cell) return cell.element;
    if ("text" in cell) return printedValue(cell);
    if ("cells" in cell) return this.#cells(cell.cells, left);
    const printed = printedCell(this.#reader, this.#reader.shape(cell.ref));
    if (printed === "missing") return null;
    return printed === undefined ? this.#value(cell.ref) : printedValue(printed);
  }

  /** INVARIANT: recurses as deep as the lists, which Arrow's reader bounds. */
  #cells(cells: Cells, left: { cells: number }): unknown {
    left.cells -= cells.length;
    if (left.cells < 0) return new PyOpaque(REPEATED);
    const values = Array.from({ length: cells.length }, (_, at) => this.cell(cells.at(at), left));
    return cells.names === undefined ? values : new Map(cells.names.map((name, at) => [name, values[at]]));
  }
}

/** Values in the lists of one cell at most: lists of lists may be the same ones again and again. */
const MOST_CELLS = 1 << 20;

function printedValue({ kind, text }: PrintedCell): unknown {
  if (kind === "Decimal") return new PyDecimal(text);
  if (kind === "time") {
    const [hour = 0, minute = 0, second = 0, microsecond = 0] = text.split(/[:.]/).map(Number);
    return new PyTime({ hour, minute, second, microsecond });
  }
  if (kind !== "date") return new PandasScalar(kind, text);
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  return new PyDate({ year, month, day });
}
