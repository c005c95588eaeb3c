import { settledWithin } from "../../base/async.ts";
import type { Table } from "../../pickle/index.ts";
import type { ArrangeAnswer, ArrangeParams, FindAnswer, FindParams } from "../../protocol/arrange.ts";
import { Arrangement } from "./arrangement.ts";
import { Search } from "./search.ts";

/** Arrangements of a document that are kept. */
const MOST_KEPT = 4;
/** Milliseconds until an answer tells what there is so far. */
const FIRST_MS = 1000;
const NEXT_MS = 500;
const FIND_MS = 250;

/** An arrangement that is asked for is none of the last few any more. */
export class NoArrangement extends Error {
  readonly code = "no-arrangement";

  constructor(id: number) {
    super(`the arrangement ${id} is not kept any more`);
    this.name = "NoArrangement";
  }
}

interface Kept {
  readonly id: number;
  /** What it was asked for by. */
  readonly name: string;
  readonly arrangement: Arrangement;
}

/** The orders in which the tables of one document are shown, and what is looked for in them. */
export class Arranger {
  /** The one that was asked for last comes last. */
  #kept: Kept[] = [];
  #lastId = 0;
  #search: { readonly name: string; readonly table: Table; readonly search: Search } | undefined;

  /** Begins to put rows in order, or goes on with that; answers when the first of them are known. */
  async arrange(table: Table, params: ArrangeParams, signal: AbortSignal): Promise<ArrangeAnswer> {
    signal.throwIfAborted();
    const { node, slice, sort, filter } = params;
    const name = JSON.stringify([node, slice, sort, filter]);
    const known = this.#kept.find((one) => one.name === name && one.arrangement.table === table);
    // Another order is wanted now: the thread has one core.
    for (const { arrangement } of this.#kept)
      if (arrangement !== known?.arrangement && !arrangement.complete) arrangement.stop();
    const own = known ?? {
      id: ++this.#lastId,
      name,
      arrangement: new Arrangement(table, sort, filter),
    };
    this.#keep(own);
    const { arrangement } = own;
    const stop = (): void => {
      if (arrangement.complete) return;
      arrangement.stop();
      this.#kept = this.#kept.filter((one) => one !== own);
    };
    signal.addEventListener("abort", stop, { once: true });
    try {
      await settledWithin(FIRST_MS, arrangement.begun);
    } finally {
      signal.removeEventListener("abort", stop);
    }
    signal.throwIfAborted();
    return answerOf(own);
  }

  /** How far an arrangement is; waits a while for its end. */
  async arranged(id: number): Promise<ArrangeAnswer> {
    const kept = this.#find(id);
    await settledWithin(NEXT_MS, kept.arrangement.done);
    return answerOf(kept);
  }

  /** The arrangement of that number. Throws NoArrangement. */
  arrangement(id: number): Arrangement {
    return this.#find(id).arrangement;
  }

  /** Looks on for a text in a table. */
  async find(table: Table, params: FindParams, signal: AbortSignal): Promise<FindAnswer> {
    const { node, slice, text, matchCase } = params;
    const order = params.arrangement === undefined ? undefined : this.arrangement(params.arrangement);
    const own = order?.table ?? table;
    if (text === "") {
      this.#search = undefined;
      return { hits: [], before: 0, total: 0, complete: true };
    }
    const name = JSON.stringify([node, slice, params.arrangement, text, matchCase]);
    // While the value is read its table is another one each time: what was not there yet has to be looked at again.
    if (this.#search?.name !== name || this.#search.table !== own)
      this.#search = { name, table: own, search: new Search(own, order, text, matchCase) };
    const { search } = this.#search;
    await search.advance(FIND_MS, { signal });
    return search.answer(params);
  }

  /** Stops what is under way. */
  close(): void {
    for (const { arrangement } of this.#kept) arrangement.stop();
    this.#kept = [];
    this.#search = undefined;
  }

  #keep(own: Kept): void {
    const others = this.#kept.filter((one) => one !== own && !one.arrangement.stopped);
    this.#kept = [...others.slice(1 - MOST_KEPT), own];
  }

  #find(id: number): Kept {
    const kept = this.#kept.find((one) => one.id === id);
    if (kept === undefined) throw new NoArrangement(id);
    this.#keep(kept);
    return kept;
  }
}

async function answerOf({ id, arrangement }: Kept): Promise<ArrangeAnswer> {
  // Throws what it could not be made for.
  if (arrangement.complete) await arrangement.done;
  const { problem, rowCount, complete } = arrangement;
  return problem === undefined ? { arrangement: id, rowCount, complete } : { problem };
}
