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

/** How much colour a cell of a column has, from -1 to 1; `undefined`: none. */
export type HeatOf = (column: number, cell: TableCell) => number | undefined;

/** The most colour that leaves its text readable in every theme, in percent. */
const MOST_HEAT = 40;

/** Gives an element of a cell its colour. */
export function paintHeat(element: HTMLElement, heat: number | undefined): void {
  const share = heat === undefined ? "" : `${Math.round(Math.abs(heat) * MOST_HEAT)}%`;
  const sign = heat === undefined ? undefined : heat < 0 ? "below" : "above";
  if (element.dataset["heat"] !== sign) {
    if (sign === undefined) delete element.dataset["heat"];
    else element.dataset["heat"] = sign;
  }
  if (element.style.getPropertyValue("--heat") !== share) element.style.setProperty("--heat", share);
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
