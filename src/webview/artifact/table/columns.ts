import type { ArrangeRequests } from "../../../protocol/arrange.ts";
import type { GridState } from "../../../protocol/artifact.ts";
import type { Range, TableCell, TablePlace } from "../../../protocol/table.ts";
import { formatCount } from "../../kit/format.ts";
import type { MenuItem } from "../../kit/menuItem.ts";
import { visibleLine } from "../../kit/text.ts";
import { withValue } from "./filterText.ts";
import type { GridHeat } from "./heat.ts";
import type { GridOrder } from "./order.ts";
import { problemOf } from "../problem.ts";
import { say } from "../say.ts";
import type { Viewer } from "../viewer.ts";

/** Values that are offered at once. */
const MOST_VALUES = 20;

/** A menu that is open, and what its items do. */
export interface OpenMenu {
  readonly anchor: DOMRect;
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly pick: (id: string) => void;
}

/** What the columns need of their grid. */
interface ColumnsContext {
  readonly place: () => TablePlace;
  readonly columnCount: () => number;
  readonly order: GridOrder;
  readonly heat: GridHeat;
  /** Whether the columns are those of an array, which have colours together. */
  readonly isArray: () => boolean;
  /** The names of the levels of the rows' labels; empty where rows have none. */
  readonly rowLevels: () => readonly string[];
  /** What a column is called on the screen, and in a filter. */
  readonly nameOf: (column: number) => string;
  readonly filterNameOf: (column: number) => string;
  readonly open: (menu: OpenMenu) => void;
  /** Makes a column as wide as what it holds. */
  readonly fit: (column: number) => void;
  /** Shows the columns so. */
  readonly arrange: (hidden: ReadonlySet<number>, pinned: readonly number[]) => void;
  /** Called when something is asked and when that is over: with what hindered it. */
  readonly onAsked: (problem?: string) => void;
}

/** What can be done with the columns of a grid: which are pinned to its left, which are not shown, what is sorted and filtered by. */
export class GridColumns {
  readonly #viewer: Viewer;
  readonly #context: ColumnsContext;
  #hidden: ReadonlySet<number> = new Set();
  /** The same as ranges: there may be very many. */
  #hiddenRanges: readonly Range[] = [];
  #pinned: readonly number[] = [];
  #asking: AbortController | undefined;

  constructor(viewer: Viewer, context: ColumnsContext) {
    this.#viewer = viewer;
    this.#context = context;
  }

  /** Whether all rows are looked at for what was picked from a menu. */
  get busy(): boolean {
    return this.#asking !== undefined;
  }

  /** Gives up what is asked. */
  stop(): void {
    this.#asking?.abort();
    this.#asking = undefined;
  }

  /** Which are not shown and which are pinned. */
  get state(): Pick<GridState, "hidden" | "pinned"> {
    return { hidden: this.#hiddenRanges, pinned: this.#pinned };
  }

  /** Hides and pins what was hidden and pinned. */
  resume({ hidden, pinned }: Pick<GridState, "hidden" | "pinned">): void {
    const columns = hidden.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, at) => from + at));
    this.#change(new Set(columns), pinned);
  }

  /** Shows a column that the person goes to, where it is hidden. */
  show(column: number): void {
    if (!this.#hidden.has(column)) return;
    this.#change(new Set([...this.#hidden].filter((other) => other !== column)), this.#pinned);
  }

  /** The columns of a range that are not hidden. */
  shownOf({ from, to }: Range): readonly Range[] {
    const shown: Range[] = [];
    let next = from;
    for (const hidden of this.#hiddenRanges) {
      if (hidden.to <= next) continue;
      if (hidden.from >= to) break;
      if (hidden.from > next) shown.push({ from: next, to: hidden.from });
      next = hidden.to;
    }
    if (next < to) shown.push({ from: next, to });
    return shown;
  }

  /** Offers what can be done with a column; below zero with the rows' labels. */
  openMenu(column: number, anchor: DOMRect): void {
    // The person goes on: a menu that comes late would take this one's place.
    this.stop();
    if (column < 0) {
      this.#openLabelsMenu(anchor);
      return;
    }
    const { order, heat, isArray, columnCount } = this.#context;
    const { sorts } = order;
    const isPinned = this.#pinned.includes(column);
    const isAnyHidden = this.#hidden.size > 0;
    this.#context.open({
      anchor,
      label: this.#context.nameOf(column),
      items: [
        { id: "ascending", label: say("sortAscending") },
        { id: "descending", label: say("sortDescending") },
        ...(sorts.length > 0 ? [{ id: "unsorted", label: say("sortClear") }] : []),
        ...(this.#context.rowLevels().length > 0 ? [{ id: "labels", label: say("sortByLabels") }] : []),
        { id: "values", label: say("filterByValue") },
        isPinned ? { id: "unpin", label: say("unpinColumn") } : { id: "pin", label: say("pinColumn") },
        // Without a header there would be no way back.
        ...(this.#hidden.size + 1 < columnCount() ? [{ id: "hide", label: say("hideColumn") }] : []),
        { id: "alike", label: say("hideAlike") },
        ...(isAnyHidden ? [{ id: "show", label: say("showColumns", formatCount(this.#hidden.size)) }] : []),
        { id: "fit", label: say("fitColumn") },
        ...(isArray() || heat.isOfAll
          ? []
          : [{ id: "heat", label: say(heat.has(column) ? "uncolourColumn" : "colourColumn") }]),
        { id: "heatAll", label: say(heat.isOfAll ? "uncolourAll" : "colourAll") },
      ],
      pick: (id) => {
        this.#pick(column, id, anchor);
      },
    });
  }

  #pick(column: number, id: string, anchor: DOMRect): void {
    const { order, heat, fit } = this.#context;
    const others = this.#pinned.filter((pinned) => pinned !== column);
    switch (id) {
      case "ascending":
      case "descending":
        order.sort(column, id === "descending", false);
        return;
      case "unsorted":
        order.sort(column, undefined, false);
        return;
      case "labels":
        this.#openLabelsMenu(anchor);
        return;
      case "values":
        void this.#offerValues(column, anchor);
        return;
      case "pin":
        this.#change(this.#hidden, [...this.#pinned, column]);
        return;
      case "unpin":
        this.#change(this.#hidden, others);
        return;
      case "hide":
        this.#change(new Set([...this.#hidden, column]), this.#pinned);
        return;
      case "alike":
        void this.#hideAlike();
        return;
      case "show":
        this.#change(new Set(), this.#pinned);
        return;
      case "fit":
        fit(column);
        return;
      case "heat":
        heat.turn(column);
        return;
      case "heatAll":
        heat.turnAll();
        return;
    }
  }

  /** Offers to sort by the levels of the rows' labels. */
  #openLabelsMenu(anchor: DOMRect): void {
    const { open, order, rowLevels } = this.#context;
    const levels = rowLevels();
    open({
      anchor,
      label: say("rowLabels"),
      items: [
        ...levels.flatMap((name, level) => {
          const of =
            name === "" ? say(levels.length === 1 ? "rowLabels" : "labelLevel", level) : visibleLine(name);
          return [
            { id: `${level} ascending`, label: say("sortOfAscending", of) },
            { id: `${level} descending`, label: say("sortOfDescending", of) },
          ];
        }),
        ...(order.sorts.length > 0 ? [{ id: "unsorted", label: say("sortClear") }] : []),
      ],
      pick: (id) => {
        const level = Number.parseInt(id, 10);
        if (Number.isNaN(level)) order.sort(-1, undefined, false);
        else order.sort(-1 - level, id.endsWith("descending"), false);
      },
    });
  }

  /** Offers the values of a column; the one that is picked joins the filter. */
  async #offerValues(column: number, anchor: DOMRect): Promise<void> {
    const { order, place, nameOf, filterNameOf, open } = this.#context;
    const found = await this.#ask("distinct", { ...place(), column, limit: MOST_VALUES });
    if (found === undefined) return;
    // From a menu without items no key leads back.
    if (found.values.length === 0) {
      this.#viewer.say(say("noRows"));
      return;
    }
    open({
      anchor,
      label: nameOf(column),
      items: found.values.map(({ cell, count }, at) => ({
        id: String(at),
        label: labelOf(cell),
        hint: formatCount(count),
      })),
      pick: (id) => {
        const cell = found.values[Number(id)]?.cell;
        if (cell !== undefined) order.type(withValue(order.filter, filterNameOf(column), cell));
      },
    });
  }

  /** Hides the columns whose rows are all alike, and those that repeat one before them. */
  async #hideAlike(): Promise<void> {
    const found = await this.#ask("unlikeColumns", this.#context.place());
    if (found === undefined) return;
    const alike = [...found.constant, ...found.equal.map(({ column }) => column)];
    const hidden = new Set([...this.#hidden, ...alike]);
    // Where nothing else is left, the first of them stands for all.
    const first = alike.find((column) => !this.#hidden.has(column));
    if (hidden.size >= this.#context.columnCount() && first !== undefined) hidden.delete(first);
    this.#change(hidden, this.#pinned);
    this.#viewer.say(say("columnsHidden", formatCount(this.#hidden.size)));
  }

  /** The answer; `undefined` where something hinders it, which is told, or the person went on. */
  async #ask<M extends "distinct" | "unlikeColumns">(
    method: M,
    params: ArrangeRequests[M]["params"],
  ): Promise<ArrangeRequests[M]["result"] | undefined> {
    this.stop();
    const asking = (this.#asking = new AbortController());
    this.#context.onAsked();
    try {
      const answer = await this.#viewer.ask(method, params, asking.signal);
      if (asking.signal.aborted) return undefined;
      this.#answered();
      return answer;
    } catch (thrown) {
      if (!asking.signal.aborted) this.#answered(problemOf(thrown).message);
      return undefined;
    }
  }

  #answered(problem?: string): void {
    this.#asking = undefined;
    this.#context.onAsked(problem);
  }

  #change(hidden: ReadonlySet<number>, pinned: readonly number[]): void {
    // Without a header there would be no way back.
    if (hidden.size >= this.#context.columnCount()) return;
    this.#hidden = hidden;
    this.#hiddenRanges = rangesOf(hidden);
    this.#pinned = pinned.filter((column) => !hidden.has(column));
    this.#context.arrange(hidden, this.#pinned);
  }
}

/** A value as an item of a menu, which must not be empty to the eye or the ear. */
function labelOf({ kind, text, cut }: TableCell): string {
  if (kind === "absent") return "∅";
  if (text.trim() === "") return JSON.stringify(text);
  return `${visibleLine(text)}${cut === true ? "…" : ""}`;
}

function rangesOf(columns: ReadonlySet<number>): Range[] {
  const ranges: { from: number; to: number }[] = [];
  for (const column of [...columns].sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last?.to === column) last.to++;
    else ranges.push({ from: column, to: column + 1 });
  }
  return ranges;
}
