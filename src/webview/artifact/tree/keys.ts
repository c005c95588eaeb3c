import { activate, follow } from "./activate.ts";
import { moveFor, typeAhead } from "./keyboard.ts";
import type { Move } from "./keyboard.ts";
import type { TreeRow } from "./model.ts";
import { placeOfRow } from "./place.ts";
import type { Screen } from "../screen.ts";
import type { Viewer } from "../viewer.ts";

/** A key as it was pressed. */
export interface Pressed {
  /** `KeyboardEvent.key`, after `Shift+` where that was held and changes the meaning. */
  readonly key: string;
  /** Milliseconds, on any clock. */
  readonly atMs: number;
  /** Rows that Page Up and Page Down pass over. */
  readonly pageRows: number;
}

/** Milliseconds between two keys that belong to one word. */
const TYPE_AHEAD_MS = 800;

/**
 * The keyboard of the tree. A key that leads below a page that is still under way waits for it, so that the same keys lead to the same
 * row however slow the store is. Going back up, or elsewhere with the mouse, drops what waits.
 */
export class Keys {
  /** Stops listening for rows. */
  readonly dispose: () => void;
  readonly #viewer: Viewer;
  #waiting: Pressed[] = [];
  /** Where the keys wait. */
  #place: Screen["focus"] | undefined;
  #resuming = false;
  #typed = { text: "", atMs: 0 };

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
    this.dispose = viewer.onChange(() => {
      this.#resume();
    });
  }

  /** Applies a key, now or when its rows are there; whether it means anything here. */
  press(pressed: Pressed): boolean {
    const row = this.#viewer.focusedRow;
    if (row?.kind === "loading" && waits(pressed.key, this.#waiting.length)) {
      this.#waiting.push(pressed);
      this.#place = this.#viewer.screen.focus;
      return true;
    }
    const means = this.#apply(pressed);
    if (means) this.#waiting = [];
    return means;
  }

  #resume(): void {
    if (this.#resuming || this.#waiting.length === 0) return;
    this.#resuming = true;
    if (this.#viewer.screen.focus !== this.#place) this.#waiting = [];
    while (this.#viewer.focusedRow?.kind !== "loading") {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#apply(next);
    }
    this.#place = this.#viewer.screen.focus;
    this.#resuming = false;
  }

  #apply(pressed: Pressed): boolean {
    const { rows, focusedRow: row } = this.#viewer;
    if (row === undefined) return false;
    const move = moveFor(pressed.key, rows, row.key, { rows: pressed.pageRows });
    if (move !== undefined) this.#make(move, row);
    else if (pressed.key.length === 1) this.#find(pressed, rows, row.key);
    else return false;
    return true;
  }

  #make(move: Move, row: TreeRow): void {
    switch (move.kind) {
      case "focus":
        this.#viewer.focusOn(move.place);
        return;
      case "follow":
        follow(this.#viewer, row);
        return;
      case "activate":
        activate(this.#viewer, row);
        return;
      case "expand":
      case "collapse":
        void this.#viewer.toggle(row.path);
        return;
    }
  }

  #find({ key, atMs }: Pressed, rows: readonly TreeRow[], focus: string): void {
    const text = atMs - this.#typed.atMs < TYPE_AHEAD_MS ? this.#typed.text + key : key;
    this.#typed = { text, atMs };
    const found = typeAhead(rows, focus, text);
    if (found !== undefined) this.#viewer.focusOn(placeOfRow(found));
  }
}

/** Whether a key on the row of a page that is under way must wait for it, behind so many others. Back and to the start lead out of it. */
function waits(key: string, before: number): boolean {
  switch (key) {
    case "ArrowLeft":
    case "Home":
      return false;
    case "ArrowUp":
    case "PageUp":
      return before > 0;
    case "ArrowDown":
    case "PageDown":
    case "ArrowRight":
    case "End":
    case "Enter":
    case "Shift+Enter":
      return true;
    default:
      return key.length === 1;
  }
}
