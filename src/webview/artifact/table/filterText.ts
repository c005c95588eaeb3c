import type { TableCell } from "../../../protocol/table.ts";

/** The words of the filter language for what is not there. */
const MISSING: Readonly<Partial<Record<TableCell["kind"], string>>> = {
  none: "None",
  nan: "nan",
  na: "NA",
  nat: "NaT",
  masked: "masked",
  absent: "absent",
};

/** A filter that lets through only rows of a value, too: as a person would type it. */
export function withValue(filter: string, column: string, cell: TableCell): string {
  const own = `${quoted(column, "`")} ${testOf(cell)}`;
  if (filter.trim() === "") return own;
  // What is joined by "or" would otherwise take the value for its last part alone.
  return `${/\bor\b/i.test(filter) ? `(${filter.trim()})` : filter.trim()} and ${own}`;
}

function testOf({ kind, text, cut }: TableCell): string {
  const missing = MISSING[kind];
  if (missing !== undefined) return `is ${missing}`;
  if (kind === "number" && /^[\w.+-]+$/.test(text)) return `== ${text}`;
  // The field of the filter has one line: what a person types there next must not lose the others.
  if (/[\r\n]/.test(text)) return `~ ${pattern(text, cut === true)}`;
  // Of what is longer only the beginning is known, and containers and bytes are equal to no text.
  const isPart = cut === true || kind === "nested" || kind === "bytes";
  return `${isPart ? "contains" : "=="} ${quoted(text, '"')}`;
}

/** A regular expression for a text; inside it a quote alone is escaped for the filter's sake. */
function pattern(text: string, isPart: boolean): string {
  const literal = text
    .replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")
    .replaceAll("\r", "\\r")
    .replaceAll("\n", "\\n")
    .replaceAll('"', '\\"');
  return `"^${literal}${isPart ? "" : "$"}"`;
}

function quoted(text: string, quote: string): string {
  return `${quote}${text.replaceAll(/[\\"'`]/g, "\\$&")}${quote}`;
}
