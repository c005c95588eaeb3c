import type { IoOptions } from "../../base/io.ts";
import { whyAway } from "../outOfReach.ts";
import { ProblemRow } from "./rows/problem.ts";
import type { Paged, Row } from "./row.ts";

interface Branch {
  rows: readonly Row[] | undefined;
  loading: Promise<readonly Row[]> | undefined;
  abort: AbortController;
  /** Counts the loads, so that a late result never replaces a newer one. */
  generation: number;
  stale: boolean;
  /** The rows are not children, but say why there are none. */
  failed: boolean;
  /** Nobody waits for the children any more: whoever still does gets what is known. */
  stopped: boolean;
  /** The children were asked for, and not collapsed since. */
  open: boolean;
}

/**
 * The children that were read so far. Each row's are read once, again only after `invalidate`, and never twice at a time.
 * INVARIANT: a row is in `#byId` exactly while it is among the loaded children of its parent.
 */
export class Branches {
  readonly #branches = new Map<Row, Branch>();
  readonly #byId = new Map<string, Row>();
  readonly #onProblem: (row: Row, error: unknown) => boolean;
  readonly #onRead: () => void;

  /**
   * @param onProblem is told of each failed load, whose error is also a row of the tree. Tells whether nothing can be read at the time: then
   *   nothing is, until everything is invalidated
   * @param onRead is told of each load that did not fail
   */
  constructor(onProblem: (row: Row, error: unknown) => boolean, onRead: () => void = () => undefined) {
    this.#onProblem = onProblem;
    this.#onRead = onRead;
  }

  /** The loaded row of this id. */
  find(id: string): Row | undefined {
    return this.#byId.get(id);
  }

  /** All loaded rows. */
  all(): Iterable<Row> {
    return this.#byId.values();
  }

  /** The children as far as they are loaded already. */
  loaded(row: Row): readonly Row[] | undefined {
    return this.#branches.get(row)?.rows;
  }

  /** Ends when the children are not being read any more; `undefined` when they are not. */
  reading(row: Row): Promise<unknown> | undefined {
    return this.#branches.get(row)?.loading;
  }

  /** The children, read if need be. Never rejects: an error is a row. */
  async children(row: Row): Promise<readonly Row[]> {
    const branch = this.#branch(row);
    branch.open = true;
    if (branch.rows !== undefined && !branch.stale) return branch.rows;
    branch.stopped = false;
    return (branch.loading ??= this.#load(row, branch));
  }

  /** Reads whatever is outdated of what is open at and below a row. */
  async readOpen(row: Row): Promise<void> {
    if (this.#branches.get(row)?.open !== true) return;
    const children = await this.children(row);
    await Promise.all(children.map(async (child) => this.readOpen(child)));
  }

  /**
   * The children with the next page of them, for which those that are loaded are not read again. While they are being read there is no
   * further page. Rejects with what reading fails with; the children are then as they were.
   */
  async loadMore(row: Row & Paged): Promise<readonly Row[]> {
    const branch = this.#branch(row);
    return (branch.loading ??= branch.stale ? this.#load(row, branch) : this.#loadMore(row, branch));
  }

  /** The children are to be read again when they are asked for next; a load under way is stopped. */
  invalidate(row: Row): void {
    const branch = this.#branches.get(row);
    if (branch === undefined) return;
    this.#stop(branch);
    branch.stale = true;
  }

  /** Stops the reading of a row's children, and of what they still learn, as when it is collapsed. What was read stays. */
  cancel(row: Row): void {
    const branch = this.#branches.get(row);
    if (branch === undefined) return;
    branch.open = false;
    const learning = branch.rows?.some(({ known }) => !known) ?? false;
    if (branch.loading === undefined && !learning) return;
    branch.stopped = true;
    this.#stop(branch);
    branch.abort.abort();
    branch.stale = true;
  }

  /** Whether the reading of a row's children was stopped by `cancel`, and nobody has asked for them since. */
  isStopped(row: Row): boolean {
    return this.#branches.get(row)?.stopped === true;
  }

  /** Everything is to be read again when it is asked for next. */
  invalidateAll(): void {
    for (const row of this.#branches.keys()) this.invalidate(row);
  }

  /** Stops all reading, also what rows still learn after they were given out. */
  cancelAll(): void {
    for (const [row, branch] of this.#branches) {
      this.cancel(row);
      branch.abort.abort();
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.cancelAll();
    this.#branches.clear();
    this.#byId.clear();
  }

  #branch(row: Row): Branch {
    let branch = this.#branches.get(row);
    if (branch === undefined) {
      branch = {
        rows: undefined,
        loading: undefined,
        abort: new AbortController(),
        generation: 0,
        stale: true,
        failed: false,
        stopped: false,
        open: false,
      };
      this.#branches.set(row, branch);
    }
    return branch;
  }

  async #load(row: Row, branch: Branch): Promise<readonly Row[]> {
    const generation = ++branch.generation;
    // What the rows still learn from the load before they learn anew.
    branch.abort.abort();
    branch.abort = new AbortController();
    const io: IoOptions = { signal: branch.abort.signal };
    try {
      const rows = await row.load(io);
      if (generation !== branch.generation) return await this.#newer(row, branch);
      const kept = this.#settle(branch, rows);
      await row.learn(kept, io);
      if (generation !== branch.generation) return await this.#newer(row, branch);
      branch.stale = false;
      branch.failed = false;
      if (this.#isInTree(row)) this.#onRead();
      return kept;
    } catch (error) {
      if (generation !== branch.generation) return await this.#newer(row, branch);
      // Otherwise not cached: the next time that the children are asked for they are read anew.
      branch.stale = !(this.#isInTree(row) && this.#onProblem(row, error));
      // What was read before a service went away still stands.
      if (branch.rows !== undefined && !branch.failed && whyAway(error) !== undefined) return branch.rows;
      branch.failed = true;
      return this.#settle(branch, [new ProblemRow(row, error)]);
    } finally {
      if (generation === branch.generation) branch.loading = undefined;
    }
  }

  /** What a row of another session reads, which was still asked for its children, says nothing of this one. */
  #isInTree(row: Row): boolean {
    return row.parent === undefined || this.#byId.get(row.id) === row;
  }

  async #loadMore(row: Row & Paged, branch: Branch): Promise<readonly Row[]> {
    const generation = ++branch.generation;
    // What the rows of the pages before still learn goes on beside it, and is stopped with it.
    if (branch.abort.signal.aborted) branch.abort = new AbortController();
    try {
      const rows = await row.loadMore({ signal: branch.abort.signal });
      if (generation !== branch.generation) return await this.#newer(row, branch);
      return this.#settle(branch, rows);
    } catch (error) {
      if (generation === branch.generation) throw error;
      return await this.#newer(row, branch);
    } finally {
      if (generation === branch.generation) branch.loading = undefined;
    }
  }

  /**
   * What a caller gets whose load was overtaken: what is true now, or what was known when it was merely stopped. The editor asks once at a
   * time: while it waits for an answer, a refresh has it ask for no other.
   */
  async #newer(row: Row, branch: Branch): Promise<readonly Row[]> {
    return branch.stopped ? (branch.rows ?? []) : this.children(row);
  }

  #settle(branch: Branch, rows: readonly Row[]): readonly Row[] {
    const before = new Map((branch.rows ?? []).map((row) => [row.id, row]));
    const after = rows.map((row) => {
      const known = before.get(row.id);
      before.delete(row.id);
      if (known === undefined || known === row) return row;
      known.problem = row.problem;
      if (known.adopt(row)) this.invalidate(known);
      return known;
    });
    for (const gone of before.values()) this.#forget(gone);
    for (const row of after) this.#byId.set(row.id, row);
    branch.rows = after;
    return after;
  }

  #forget(row: Row): void {
    if (this.#byId.get(row.id) === row) this.#byId.delete(row.id);
    const branch = this.#branches.get(row);
    if (branch === undefined) return;
    branch.stopped = true;
    this.#stop(branch);
    branch.abort.abort();
    this.#branches.delete(row);
    for (const child of branch.rows ?? []) this.#forget(child);
  }

  #stop(branch: Branch): void {
    if (branch.loading === undefined) return;
    branch.generation++;
    branch.loading = undefined;
    branch.abort.abort();
  }
}
