import type { CellPlace, FindAnswer } from "../../../protocol/arrange.ts";
import type { TablePlace } from "../../../protocol/table.ts";
import { formatCount } from "../../kit/format.ts";
import { problemOf } from "../problem.ts";
import { say } from "../say.ts";
import type { Viewer } from "../viewer.ts";

/** Milliseconds after the last key until a text is looked for. */
const TYPING_MS = 150;

interface FindContext {
  readonly place: () => TablePlace;
  /** The order that is shown. */
  readonly arrangement: () => number | undefined;
  /** The cell with the focus. */
  readonly focus: () => CellPlace;
  readonly goTo: (place: CellPlace) => void;
  readonly onChange: () => void;
}

/** Looks for a text in the cells of a grid, and goes from one hit to the next. */
export class GridFind {
  readonly #viewer: Viewer;
  readonly #context: FindContext;
  #abort = new AbortController();
  #typing: ReturnType<typeof setTimeout> | undefined;
  isOpen = false;
  text = "";
  matchCase = false;
  busy = false;
  #answer: FindAnswer | undefined;
  /** Why it could not be looked for. */
  #failure: string | undefined;

  constructor(viewer: Viewer, context: FindContext) {
    this.#viewer = viewer;
    this.#context = context;
  }

  /** Such as `3 of 17`. */
  get count(): string {
    if (this.#failure !== undefined) return this.#failure;
    if (this.text === "" || this.#answer === undefined) return "";
    const { before, hits, total, complete } = this.#answer;
    if (total === 0) return say(complete ? "noHits" : "noHitsSoFar");
    const at = formatCount(Math.min(total, before + Math.min(1, hits.length)));
    return say(complete ? "hitOf" : "hitOfSoFar", at, formatCount(total));
  }

  open(): void {
    this.isOpen = true;
    this.#context.onChange();
  }

  close(): void {
    this.stop();
    this.isOpen = false;
    this.#context.onChange();
  }

  /** Looks for what is being typed, from the cell with the focus on. */
  type(text: string, matchCase: boolean): void {
    this.stop();
    this.text = text;
    this.matchCase = matchCase;
    this.#answer = undefined;
    this.#failure = undefined;
    this.#typing = setTimeout(() => void this.#look(this.#context.focus(), false), TYPING_MS);
    this.#context.onChange();
  }

  /** Counts the hits anew, where other rows are shown, or these in another order. */
  again(): void {
    if (this.isOpen && this.text !== "") void this.#look(this.#context.focus(), false, true);
  }

  /** Goes to the next hit, or to the one before; behind the last one comes the first. */
  step(step: 1 | -1): void {
    const { row, column } = this.#context.focus();
    void this.#look(step === 1 ? { row, column: column + 1 } : { row, column }, step === -1);
  }

  /** Gives up what is under way. */
  stop(): void {
    clearTimeout(this.#typing);
    this.#abort.abort();
    this.busy = false;
  }

  /** @param stays whether the cell with the focus keeps it */
  async #look(from: CellPlace, backwards: boolean, stays = false): Promise<void> {
    this.stop();
    if (this.text === "") return;
    const { signal } = (this.#abort = new AbortController());
    this.busy = true;
    this.#context.onChange();
    this.#failure = undefined;
    try {
      await this.#lookFrom({ row: Math.max(0, from.row), column: from.column }, { backwards, stays }, signal);
    } catch (thrown) {
      if (!signal.aborted) this.#failure = problemOf(thrown).message;
    }
    if (signal.aborted) return;
    this.busy = false;
    this.#context.onChange();
  }

  async #lookFrom(
    first: CellPlace,
    { backwards, stays }: { readonly backwards: boolean; readonly stays: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    let [from, hasTurned, isThere] = [first, false, false];
    for (;;) {
      const answer = await this.#ask(from, backwards, signal);
      if (signal.aborted) return;
      this.#answer = answer;
      this.#context.onChange();
      const [hit] = answer.hits;
      if (hit !== undefined && !isThere) {
        isThere = true;
        if (!stays) this.#context.goTo(hit);
      }
      if (answer.complete && (isThere || hasTurned || answer.total === 0)) return;
      if (answer.complete) {
        hasTurned = true;
        from = backwards ? { row: Number.MAX_SAFE_INTEGER, column: 0 } : { row: 0, column: 0 };
      }
    }
  }

  async #ask(from: CellPlace, backwards: boolean, signal: AbortSignal): Promise<FindAnswer> {
    const arrangement = this.#context.arrangement();
    const { text, matchCase } = this;
    const params = { ...this.#context.place(), text, matchCase, from, backwards, limit: 1 };
    return this.#viewer.ask("find", { ...params, ...(arrangement !== undefined && { arrangement }) }, signal);
  }
}
