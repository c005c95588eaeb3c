import { PAGE_SIZE } from "../../protocol/nodes.ts";
import { keyOf } from "./model.ts";
import type { TreeRow } from "./model.ts";

/** Of a row that stands for children: their container, what it is (a gap, an awaited page) and from where or which page. */
const STANDS_FOR = /^(.*)([+?])(\d+)$/;

/**
 * The index of the row that has the focus: the focused one, or the one that stands at its place since the tree has changed. A row that
 * stood for children hands the focus to the first of them; a child that is awaited leaves it to the row that stands for it; what lies in
 * a closed container leaves it to the container.
 */
export function focusedRow(rows: readonly TreeRow[], focus: string): number {
  for (let key = focus; key !== "";) {
    const own = rows.findIndex((row) => row.key === key);
    if (own >= 0) return own;
    const { container, position } = placeOf(key);
    const there = rows.findIndex((row) => covers(row, container, position));
    if (there >= 0) return there;
    key = container;
  }
  return 0;
}

interface Place {
  /** The key of the container. */
  readonly container: string;
  readonly position: number;
}

function placeOf(key: string): Place {
  const [, container = "", mark, number] = STANDS_FOR.exec(key) ?? [];
  if (mark !== undefined) return { container, position: Number(number) * (mark === "?" ? PAGE_SIZE : 1) };
  const cut = key.lastIndexOf("/");
  return { container: key.slice(0, Math.max(0, cut)), position: Number(key.slice(cut + 1)) };
}

function covers(row: TreeRow, container: string, position: number): boolean {
  switch (row.kind) {
    case "value":
      return row.path.at(-1) === position && keyOf(row.path.slice(0, -1)) === container;
    case "gap":
      return row.from <= position && position < row.to && keyOf(row.path) === container;
    case "loading":
    case "failed":
      return row.page === Math.floor(position / PAGE_SIZE) && keyOf(row.path) === container;
  }
}
