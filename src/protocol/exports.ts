import { checkRowOrder } from "./arrange.ts";
import type { RowOrder } from "./arrange.ts";
import { oneOf, optional, record, text } from "./check.ts";
import type { Check } from "./check.ts";

/** The forms that a value is written to a file in. `json`: of a table a line for each row. */
export const EXPORT_FORMATS = ["csv", "json", "parquet", "npy", "pickle"] as const;
/** One of them. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Where a value is written, and how. */
export interface ExportParams {
  readonly format: ExportFormat;
  /** Its path on the extension host's machine; what is there is replaced once all is written. */
  readonly file: string;
  /** All of it where these are not given; for forms of rows alone. */
  readonly rows?: RowOrder;
}

/** What was written. */
export interface Exported {
  readonly sizeBytes: number;
  /** Values that the form has none for; they were written in the nearest one. */
  readonly approximated: number;
}

/** Reads an {@link ExportParams}. */
export const checkExport: Check<ExportParams> = record<ExportParams>({
  format: oneOf(...EXPORT_FORMATS),
  file: text,
  rows: optional(checkRowOrder),
});
