import type { CopyCellsParams } from "../../../protocol/copyCells.ts";
import type { MenuItem } from "../../kit/menuItem.ts";
import { say } from "../say.ts";

/** The forms in which cells are copied. */
const FORMS = {
  cells: { word: "copyCells", format: "tsv", headers: false },
  headers: { word: "copyCellsHeaders", format: "tsv", headers: true },
  csv: { word: "copyCellsCsv", format: "csv", headers: true },
  markdown: { word: "copyCellsMarkdown", format: "markdown", headers: true },
  python: { word: "copyCellsPython", format: "python", headers: true },
} as const;

/** One of them. */
export type CopyForm = keyof typeof FORMS;

export function isCopyForm(id: string): id is CopyForm {
  return Object.hasOwn(FORMS, id);
}

/** The forms as items of a menu. */
export function copyItems(): MenuItem[] {
  return Object.entries(FORMS).map(([id, { word }]) => ({ id, label: say(word) }));
}

/** How cells are written in a form. Labels of rows come along with those of columns, where rows have any. */
export function formOf(
  form: CopyForm,
  hasLabels: boolean,
): Pick<CopyCellsParams, "format" | "headers" | "rowLabels"> {
  const { format, headers } = FORMS[form];
  return { format, headers, rowLabels: headers && hasLabels };
}
