import type { TableCell } from "../../../protocol/table.ts";

/** The words of the filter language for what is not there. */
const MISSING: Readonly<Partial<Record<TableCell["kind"], string>>> = {
  none: "None",
  nan: "nan",
  na: "NA",
  nat: "NaT",
  masked: "missing",
  absent: "missing",
};

/** A filter that lets through only rows of a value, too: as a person would type it. */
export function withValue(filter: string, column: string, { kind, text }: TableCell): string {
  const missing = MISSING[kind];
  const own =
    missing === undefined
      ? `${quoted(column, "`")} == ${kind === "number" ? text : quoted(text, '"')}`
      : `${quoted(column, "`")} is ${missing}`;
  if (filter.trim() === "") return own;
  // What is joined by "or" would otherwise take the value for its last part alone.
  return `${/\bor\b/i.test(filter) ? `(${filter.trim()})` : filter.trim()} and ${own}`;
}

function quoted(text: string, quote: string): string {
  return `${quote}${text.replaceAll(/[\\"'`]/g, "\\$&")}${quote}`;
}
