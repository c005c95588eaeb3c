import { Slices } from "../../base/slices.ts";
import type { Table } from "../../pickle/index.ts";
import { CELL_FORMAT_NAMES } from "../../protocol/copyCells.ts";
import type { CellFormat, CopiedCells, CopyCellsParams } from "../../protocol/copyCells.ts";
import type { Rows } from "../rows.ts";
import { writeRows } from "./delimited.ts";
import { writePython } from "./python.ts";
import { selectionOf } from "./selection.ts";

/** Characters that are put on the clipboard at most: other programs stop earlier or later, none says so. */
const MOST_CHARACTERS = 64_000_000;

/** Cells that would fill the clipboard. */
export class TooManyCells extends Error {
  readonly code = "too-large";

  constructor(rows: number, columns: number, format: CellFormat) {
    super(
      `The ${rows.toLocaleString("en")} × ${columns.toLocaleString("en")} cells are too large for the clipboard: as ${CELL_FORMAT_NAMES[format]} they have more than ${MOST_CHARACTERS / 1e6} million characters. Export them to a file, or copy fewer, instead`,
    );
    this.name = "TooManyCells";
  }
}

/** The cells of some ranges of a table as text. Throws {@link TooManyCells}, and the signal's reason. */
export async function copyCells(
  table: Table,
  { rows, columns, format, headers, rowLabels }: Omit<CopyCellsParams, "node">,
  options: {
    readonly signal?: AbortSignal;
    /** The table's own when absent. */
    readonly order?: Rows | undefined;
    readonly maxCharacters?: number;
  } = {},
): Promise<CopiedCells> {
  const { signal, order, maxCharacters = MOST_CHARACTERS } = options;
  const selection = selectionOf(table, { rows, columns }, order);
  const [rowCount, columnCount] = [selection.rowCount, selection.columns.length];
  const refuse = (): never => {
    throw new TooManyCells(rowCount, columnCount, format);
  };
  // A cell has a separator at least, and so has a row.
  if (rowCount * Math.max(1, columnCount) > maxCharacters) refuse();
  const parts: string[] = [];
  const counter = (): ((more: number) => void) => {
    let characters = 0;
    return (more) => {
      characters += more;
      if (characters > maxCharacters) refuse();
    };
  };
  const count = counter();
  const sink = (text: string): void => {
    count(text.length);
    parts.push(text);
  };
  const slices = new Slices({ signal });
  const labels = { headers, rowLabels };
  let approximated = 0;
  if (format === "python") {
    const source = await writePython(selection, labels, counter(), slices);
    sink(source.text);
    ({ approximated } = source);
  } else await writeRows(selection, format, labels, sink, slices);
  return { text: parts.join(""), rowCount, columnCount, approximated };
}
