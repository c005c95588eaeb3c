import type { Slices } from "../../base/slices.ts";
import type { TableCell, TableColumn } from "../../pickle/index.ts";
import { cellText, missingText } from "./cellText.ts";
import { csvField, markdownField, tsvField } from "./fields.ts";
import type { Selection } from "./selection.ts";

/** What is written of a selection beside its cells. */
export interface Labels {
  readonly headers: boolean;
  readonly rowLabels: boolean;
}

/** Takes what is written, piece by piece; throws to end it. */
export type Sink = (text: string) => void | Promise<void>;

/** How rows become text. Nothing in a cell is altered, also not what a spreadsheet would take for a formula. */
interface Form {
  readonly separator: string;
  readonly begin: string;
  readonly end: string;
  readonly field: (text: string | undefined, missing: string) => string;
}

const FORMS: Readonly<Record<"tsv" | "csv" | "markdown", Form>> = {
  tsv: { separator: "\t", begin: "", end: "\n", field: tsvField },
  csv: { separator: ",", begin: "", end: "\n", field: csvField },
  markdown: {
    separator: " | ",
    begin: "| ",
    end: " |\n",
    field: (text, missing) => markdownField(text ?? missing),
  },
};

/** Characters that are gathered before the sink takes them. */
const PIECE = 1 << 16;
/** Cells between two looks at the clock. */
const CELLS = 256;

/** Writes cells as text with a row a line. */
export async function writeRows(
  selection: Selection,
  form: keyof typeof FORMS,
  { headers, rowLabels }: Labels,
  sink: Sink,
  slices: Slices,
  written?: (rows: number) => void,
): Promise<void> {
  const { table, columns, rowCount } = selection;
  const { separator, begin, end, field } = FORMS[form];
  const labelled = rowLabels && table.rowLevels.length > 0;
  let text =
    form === "markdown"
      ? markdownHead(selection, headers, labelled)
      : headers
        ? head(selection, FORMS[form], labelled)
        : "";
  let cells = 0;
  const rest = async (rows: number): Promise<void> => {
    if (slices.areDue) await slices.pause();
    if (text.length <= PIECE) return;
    await sink(text);
    text = "";
    written?.(rows);
  };
  for (let index = 0; index < rowCount; index++) {
    const row = selection.rowAt(index);
    text += begin;
    const keys = labelled ? table.rowKeys(row) : [];
    for (const [at, key] of keys.entries())
      text += (at > 0 ? separator : "") + field(cellText(key), missingText(key));
    for (let at = 0; at < columns.length; at++) {
      const value = columns[at]?.exact(row) ?? PENDING;
      const own = cellText(value);
      text += (at > 0 || labelled ? separator : "") + field(own, own === undefined ? missingText(value) : "");
      // A cell may be as large as the value: no more than one is held beyond a piece.
      if (++cells % CELLS === 0 || text.length > PIECE) await rest(index);
    }
    text += end;
    // There may be no columns.
    if (++cells % CELLS === 0) await rest(index + 1);
  }
  if (text !== "") await sink(text);
}

const PENDING = { kind: "pending" } as const;

/** Lines with the columns' labels, one for each level; the names of the rows' levels stand above these. */
function head(
  { table, columns }: Selection,
  { separator, begin, end, field }: Form,
  labelled: boolean,
): string {
  return table.columnLevels
    .map((_, level, levels) => {
      const names = labelled
        ? table.rowLevels.map((name) => field(level === levels.length - 1 ? name : undefined, ""))
        : [];
      const labels = columns.map(({ labels: own }) => field(labelText(own[level]), own[level]?.text ?? ""));
      return begin + [...names, ...labels].join(separator) + end;
    })
    .join("");
}

/** Markdown has no table without a head, and one of one line. */
function markdownHead({ table, columns }: Selection, headers: boolean, labelled: boolean): string {
  const names = labelled ? table.rowLevels.map((name) => markdownField(name)) : [];
  const labels = columns.map((column) => (headers ? markdownField(columnText(column)) : ""));
  const sides = [
    ...names.map(() => ":--"),
    ...columns.map(({ family }) => (family === "number" ? "--:" : ":--")),
  ];
  return `| ${[...names, ...labels].join(" | ")} |\n|${sides.join("|")}|\n`;
}

/** The labels of a column in one text. */
export function columnText({ labels }: TableColumn): string {
  return labels.map(({ text }) => text).join(" / ");
}

function labelText(label: TableCell | undefined): string | undefined {
  return label === undefined || label.kind === "none" || label.kind === "absent" ? undefined : label.text;
}
