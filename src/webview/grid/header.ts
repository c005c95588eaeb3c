import type { ColumnFacts } from "../../protocol/table.ts";
import { paintText } from "./cell.ts";

/** How a column is sorted, and as which of several. */
export interface Sort {
  readonly column: number;
  readonly descending: boolean;
}

/** What the header of a column shows. */
export interface HeaderState {
  /** `undefined`: nothing is known of the column yet. */
  readonly facts: ColumnFacts | undefined;
  readonly sort: Sort | undefined;
  readonly pinned: boolean;
}

const shown = new WeakMap<HTMLElement, HeaderState>();

/** Writes the header of a column: its labels, one line for each level, and its type. */
export function paintHeader(element: HTMLElement, state: HeaderState): void {
  const before = shown.get(element);
  if (before !== undefined && isSame(before, state)) return;
  shown.set(element, state);
  const { facts, sort, pinned } = state;
  element.setAttribute("aria-sort", ariaSort(sort));
  element.dataset["family"] = facts?.family ?? "other";
  element.replaceChildren(
    ...(facts?.labels ?? []).map((label) => line("grid-label", label.text)),
    line("grid-dtype", facts?.dtype ?? ""),
    ...(sort === undefined ? [] : [arrow(sort)]),
    ...(pinned ? [icon("pinned")] : []),
  );
}

/** Writes the header of the rows' labels: the names of their levels. Rows without labels are told by their positions. */
export function paintCorner(element: HTMLElement, levels: readonly string[], sort: Sort | undefined): void {
  paintText(element, levels.filter((name) => name !== "").join(" · ") || (levels.length > 0 ? "" : "#"));
  if (levels.length > 0) element.setAttribute("aria-sort", ariaSort(sort));
  if (sort !== undefined) element.append(arrow(sort));
}

/** The slot for what is drawn under a header, such as a sparkline; made when it is asked for. */
export function slotOf(element: HTMLElement): HTMLElement {
  const known = element.querySelector<HTMLElement>(".grid-slot");
  if (known !== null) return known;
  const slot = document.createElement("div");
  slot.className = "grid-slot";
  element.append(slot);
  return slot;
}

function isSame(one: HeaderState, other: HeaderState): boolean {
  return one.facts === other.facts && one.sort === other.sort && one.pinned === other.pinned;
}

function line(className: string, text: string): HTMLElement {
  const element = document.createElement("div");
  element.className = className;
  paintText(element, text);
  return element;
}

function ariaSort(sort: Sort | undefined): string {
  return sort === undefined ? "none" : sort.descending ? "descending" : "ascending";
}

function arrow({ descending }: Sort): HTMLElement {
  return icon(descending ? "arrow-down" : "arrow-up");
}

function icon(name: string): HTMLElement {
  const element = document.createElement("span");
  element.className = `codicon codicon-${name} grid-mark`;
  element.setAttribute("aria-hidden", "true");
  return element;
}
