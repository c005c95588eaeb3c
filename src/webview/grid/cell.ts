import type { TableCell } from "../../protocol/table.ts";
import { visible } from "../kit/text.ts";

/** What an element shows, so that the same is not written again. */
const shown = new WeakMap<HTMLElement, TableCell | undefined>();

/** Writes a cell into its element: text that somebody else wrote, on one line, with nothing hidden in it. `undefined`: it is on its way. */
export function paintCell(element: HTMLElement, cell: TableCell | undefined): void {
  if (shown.has(element) && shown.get(element) === cell) return;
  shown.set(element, cell);
  element.dataset["kind"] = cell?.kind ?? "pending";
  paintText(element, cell === undefined ? "" : cell.cut === true ? `${cell.text}…` : cell.text);
}

/** Writes a text as one line. */
export function paintText(element: HTMLElement, text: string): void {
  const segments = visible(text);
  const [only] = segments;
  if (segments.length <= 1 && only?.kind !== "control") {
    element.textContent = lineOf(only?.text ?? "");
    return;
  }
  element.replaceChildren(
    ...segments.map((segment) => {
      if (segment.kind === "plain") return lineOf(segment.text);
      const named = document.createElement("span");
      named.className = "control";
      named.textContent = segment.text;
      return named;
    }),
  );
}

/** Line ends and tabs as Python writes them: a cell has one line. */
function lineOf(text: string): string {
  return text.replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}
