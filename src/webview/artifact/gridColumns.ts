import { formatCount } from "../kit/format.ts";
import type { MenuItem } from "../kit/menu.tsx";
import { say } from "./say.ts";

/** Which columns of a grid are pinned to its left, and which are not shown. */
export class GridColumns {
  readonly #arrange: (hidden: ReadonlySet<number>, pinned: readonly number[]) => void;
  #hidden: ReadonlySet<number> = new Set();
  #pinned: readonly number[] = [];

  /** @param arrange shows the columns so */
  constructor(arrange: (hidden: ReadonlySet<number>, pinned: readonly number[]) => void) {
    this.#arrange = arrange;
  }

  /** What can be done with a column. */
  itemsOf(column: number): MenuItem[] {
    const isPinned = this.#pinned.includes(column);
    return [
      isPinned ? { id: "unpin", label: say("unpinColumn") } : { id: "pin", label: say("pinColumn") },
      { id: "hide", label: say("hideColumn") },
      ...(this.#hidden.size > 0
        ? [{ id: "show", label: say("showColumns", formatCount(this.#hidden.size)) }]
        : []),
    ];
  }

  /** Does one of these. */
  pick(column: number, id: string): void {
    const others = this.#pinned.filter((pinned) => pinned !== column);
    switch (id) {
      case "pin":
        this.#change(this.#hidden, [...this.#pinned, column]);
        return;
      case "unpin":
        this.#change(this.#hidden, others);
        return;
      case "hide":
        this.#change(new Set([...this.#hidden, column]), others);
        return;
      case "show":
        this.#change(new Set(), this.#pinned);
        return;
    }
  }

  /** Does not show columns any more. */
  hide(columns: readonly number[]): void {
    this.#change(new Set([...this.#hidden, ...columns]), this.#pinned);
  }

  #change(hidden: ReadonlySet<number>, pinned: readonly number[]): void {
    this.#hidden = hidden;
    this.#pinned = pinned;
    this.#arrange(hidden, pinned);
  }
}
