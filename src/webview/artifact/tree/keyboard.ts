import type { NodePath } from "../../../protocol/nodes.ts";
import type { TreeRow } from "./model.ts";
import { placeOfRow } from "./place.ts";

/** What a key means in a tree, by the ARIA Authoring Practices' tree pattern. */
export type Move =
  | { readonly kind: "focus"; readonly place: NodePath }
  /** `follow`: to where the same object stands already. */
  | { readonly kind: "expand" | "collapse" | "activate" | "follow" };

/** Rows that Page Up and Page Down pass over. */
export interface Screen {
  readonly rows: number;
}

/** What a key does to the row that has the focus; `undefined` for a key that means nothing here. */
export function moveFor(
  key: string,
  rows: readonly TreeRow[],
  focus: string,
  screen: Screen,
): Move | undefined {
  const at = Math.max(
    0,
    rows.findIndex((row) => row.key === focus),
  );
  const row = rows[at];
  if (row === undefined) return undefined;
  switch (key) {
    case "ArrowDown":
      return focusOn(rows[at + 1]);
    case "ArrowUp":
      return focusOn(rows[at - 1]);
    case "Home":
      return focusOn(rows[0]);
    case "End":
      return focusOn(rows.at(-1));
    case "PageDown":
      return focusOn(rows[Math.min(at + screen.rows, rows.length - 1)]);
    case "PageUp":
      return focusOn(rows[Math.max(at - screen.rows, 0)]);
    case "ArrowRight":
      return intoOf(rows, at);
    case "ArrowLeft":
      return outOf(row);
    case "Enter":
    case " ":
      return { kind: "activate" };
    case "Shift+Enter":
      return row.kind === "value" && row.link !== undefined ? { kind: "follow" } : undefined;
    default:
      return undefined;
  }
}

/** The next row whose name or value begins with what was typed, after the focus and around; `undefined` when none does. */
export function typeAhead(rows: readonly TreeRow[], focus: string, typed: string): TreeRow | undefined {
  const wanted = typed.toLowerCase();
  const at = Math.max(
    0,
    rows.findIndex((row) => row.key === focus),
  );
  // Typing on, the row that has the focus may match the longer text too; a first letter looks further.
  const start = typed.length > 1 ? at : at + 1;
  for (let step = 0; step < rows.length; step++) {
    const row = rows[(start + step) % rows.length];
    if (row !== undefined && nameOf(row).toLowerCase().startsWith(wanted)) return row;
  }
  return undefined;
}

function nameOf(row: TreeRow): string {
  if (row.kind !== "value") return "";
  const name = row.row.key?.text ?? row.row.preview;
  // A dict's key is shown as Python writes it; people type what is inside the quotes.
  return name.replace(/^(?:['"]|b['"]|[.[])/, "");
}

function intoOf(rows: readonly TreeRow[], at: number): Move | undefined {
  const row = rows[at];
  if (row?.kind !== "value" || row.expanded === undefined) return undefined;
  if (!row.expanded) return { kind: "expand" };
  const next = rows[at + 1];
  return next !== undefined && next.level > row.level ? focusOn(next) : undefined;
}

function outOf(row: TreeRow): Move | undefined {
  if (row.kind === "value" && row.expanded === true) return { kind: "collapse" };
  if (row.kind !== "value") return { kind: "focus", place: row.path };
  return row.path.length === 0 ? undefined : { kind: "focus", place: row.path.slice(0, -1) };
}

function focusOn(row: TreeRow | undefined): Move | undefined {
  return row === undefined ? undefined : { kind: "focus", place: placeOfRow(row) };
}
