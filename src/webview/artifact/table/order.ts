import type { Arranged, ArrangeAnswer, FilterProblem, RowOrder } from "../../../protocol/arrange.ts";
import type { GridState } from "../../../protocol/artifact.ts";
import type { TablePlace } from "../../../protocol/table.ts";
import type { Sort } from "../../grid/header.ts";
import { problemOf } from "../problem.ts";
import type { Viewer } from "../viewer.ts";

/** Milliseconds after the last key until a filter is asked for. */
const TYPING_MS = 250;

const AS_THEY_ARE: RowOrder = { sort: [], filter: "" };

/** Which rows of a table are shown, and in which order. */
export class GridOrder {
  readonly #viewer: Viewer;
  readonly #place: () => TablePlace;
  /** Called with whether other rows are to be shown. */
  readonly #onChange: (rows: boolean) => void;
  #abort = new AbortController();
  #typing: ReturnType<typeof setTimeout> | undefined;
  sorts: readonly Sort[] = [];
  filter = "";
  /** What is wrong with the filter; what was shown before stays. */
  problem: FilterProblem | undefined;
  /** Why the rows could not be arranged. */
  failure: string | undefined;
  arranged: Arranged | undefined;
  /** What the rows that are shown come of. */
  shown: RowOrder = AS_THEY_ARE;
  busy = false;

  constructor(viewer: Viewer, place: () => TablePlace, onChange: (rows: boolean) => void) {
    this.#viewer = viewer;
    this.#place = place;
    this.#onChange = onChange;
  }

  /** Sorts by a column: up, down, then not at all. @param additive whether the others stay */
  turn(column: number, additive: boolean): void {
    const known = this.sorts.find((sort) => sort.column === column);
    this.sort(column, known === undefined ? false : known.descending ? undefined : true, additive);
  }

  /** Sorts by a column; not any more where `descending` is `undefined`. */
  sort(column: number, descending: boolean | undefined, additive: boolean): void {
    const others = additive ? this.sorts : [];
    const own = descending === undefined ? [] : [{ column, descending }];
    const isKnown = others.some((sort) => sort.column === column);
    this.sorts = isKnown
      ? others.flatMap((sort) => (sort.column === column ? own : sort))
      : [...others, ...own];
    void this.again();
  }

  /** Filters by what is being typed. */
  type(filter: string): void {
    this.filter = filter;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.again(), filter === "" ? 0 : TYPING_MS);
    this.#onChange(false);
  }

  /** Sorts and filters as it was done before. */
  resume({ sorts, filter }: Pick<GridState, "sorts" | "filter">): void {
    this.sorts = sorts;
    this.filter = filter;
    void this.again();
  }

  /** Asks for the rows anew, such as when the table has more of them. */
  async again(): Promise<void> {
    this.stop();
    const { signal } = (this.#abort = new AbortController());
    this.problem = undefined;
    this.failure = undefined;
    const { sorts: sort, filter } = this;
    if (sort.length === 0 && filter.trim() === "") {
      this.#show(undefined, AS_THEY_ARE);
      return;
    }
    this.busy = true;
    this.#onChange(false);
    const arrange = async (): Promise<void> => {
      const first = await this.#viewer.ask("arrange", { ...this.#place(), sort, filter }, signal);
      await this.#follow(first, { sort, filter }, signal);
    };
    try {
      // The last few alone are kept, and another editor of the same value makes some, too: it is made once more.
      await arrange().catch(async (thrown: unknown) => {
        if (problemOf(thrown).code !== "no-arrangement") throw thrown;
        await arrange();
      });
    } catch (thrown) {
      if (!signal.aborted) this.failure = problemOf(thrown).message;
    }
    if (signal.aborted) return;
    this.busy = false;
    this.#onChange(false);
  }

  /** Gives up what is under way. */
  stop(): void {
    clearTimeout(this.#typing);
    this.#abort.abort();
    this.busy = false;
  }

  async #follow(first: ArrangeAnswer, order: RowOrder, signal: AbortSignal): Promise<void> {
    for (let answer = first; ;) {
      if (signal.aborted) return;
      if ("problem" in answer) {
        this.problem = answer.problem;
        return;
      }
      // Rows that are still looked for show what was shown before.
      if (answer.complete || answer.rowCount > 0) this.#show(answer, order);
      if (answer.complete) return;
      const { arrangement } = answer;
      answer = await this.#viewer.ask("arranged", { ...this.#place(), arrangement }, signal);
    }
  }

  #show(arranged: Arranged | undefined, shown: RowOrder): void {
    const before = this.arranged;
    this.arranged = arranged;
    this.shown = shown;
    this.#onChange(before?.arrangement !== arranged?.arrangement || before?.rowCount !== arranged?.rowCount);
  }
}
