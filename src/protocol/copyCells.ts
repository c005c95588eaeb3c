import { count, flag, listOf, oneOf, optional, record } from "./check.ts";
import { checkRange, checkTablePlace } from "./table.ts";
import type { Range, TablePlace } from "./table.ts";

/** The forms in which cells are copied. */
export const CELL_FORMATS = ["tsv", "csv", "markdown", "python"] as const;
/** One of them. */
export type CellFormat = (typeof CELL_FORMATS)[number];

/** What they are called, in any language. */
export const CELL_FORMAT_NAMES: Readonly<Record<CellFormat, string>> = {
  tsv: "TSV",
  csv: "CSV",
  markdown: "Markdown",
  python: "Python",
};

/** Which cells are copied, and how. */
export interface CopyCellsParams extends TablePlace {
  /** The order; the table's own when absent. */
  readonly arrangement?: number;
  /** Positions in the order that the table is shown in, one after the other. */
  readonly rows: readonly Range[];
  readonly columns: readonly Range[];
  readonly format: CellFormat;
  /** Whether the columns' labels come first. */
  readonly headers: boolean;
  /** Whether each row begins with its labels. */
  readonly rowLabels: boolean;
}

/** The cells as text. */
export interface CopiedCells {
  readonly text: string;
  readonly rowCount: number;
  readonly columnCount: number;
  /** Cells that the form has none for; they were written as Python's text. */
  readonly approximated: number;
}

/** Reads a {@link CopyCellsParams}. */
export const checkCopyCells = (value: unknown, place?: string): CopyCellsParams => ({
  ...checkTablePlace(value, place),
  ...record<Omit<CopyCellsParams, keyof TablePlace>>({
    arrangement: optional(count),
    rows: listOf(checkRange),
    columns: listOf(checkRange),
    format: oneOf(...CELL_FORMATS),
    headers: flag,
    rowLabels: flag,
  })(value, place),
});
