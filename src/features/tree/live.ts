import type { Changes, Metaflow } from "../../client/index.ts";
import { serviceUrl } from "../serviceKeys.ts";
import type { Branches } from "./branches.ts";
import { reread, type Row } from "./row.ts";
import { FlowRow } from "./rows/flow.ts";
import { RunRow } from "./rows/run.ts";
import { StepRow } from "./rows/step.ts";

/** Changes come in bursts: a task that ends writes a dozen files. */
const GATHER_MS = 200;
/** How often what only the time changes is painted anew. */
const TICK_MS = 2_000;
/** How often an unfinished run is asked whether it still lives: a process that was killed leaves no file, and one that starts none for it. */
const PULSE_MS = 10_000;
/** The same of a service, where a run that ends without a word is known by its heartbeats alone, minutes later. */
const SERVICE_PULSE_MS = 60_000;
/** A run without a sign of life is watched this long for one: its processes may be where they cannot be seen. */
const HOPE_MS = 10 * 60_000;
const MOST_WATCHED = 32;

/** What live refresh needs of the tree. */
export interface LiveTree {
  readonly branches: Branches;
  readonly root: Row;
  refresh(row?: Row): void;
  repaint(row: Row): void;
}

/**
 * Keeps what is shown up to date while it is shown: what changed is read again, nothing else. Started when the view appears, stopped when
 * it is hidden.
 */
export class Live {
  readonly #tree: LiveTree;
  readonly #metaflow: Metaflow;
  readonly #note: (error: unknown) => void;
  /** Looking costs requests: a service is asked for nothing but the runs that are shown and may still change. */
  readonly #isService: boolean;
  readonly #abort = new AbortController();
  readonly #watched = new Map<string, Changes>();
  readonly #pending = new Set<string>();
  #gathering: NodeJS.Timeout | undefined;
  readonly #tick: NodeJS.Timeout;
  #day = new Date().getDate();
  readonly #pulse: NodeJS.Timeout;

  constructor(tree: LiveTree, metaflow: Metaflow, note: (error: unknown) => void) {
    this.#tree = tree;
    this.#metaflow = metaflow;
    this.#note = note;
    this.#isService = serviceUrl(metaflow.metadata) !== undefined;
    if (!this.#isService) this.#watch("");
    this.#watchRuns();
    this.#tick = setInterval(() => {
      this.#onTick();
    }, TICK_MS);
    this.#pulse = setInterval(() => void this.#onPulse(), this.#isService ? SERVICE_PULSE_MS : PULSE_MS);
  }

  dispose(): void {
    this.#abort.abort();
    clearTimeout(this.#gathering);
    clearInterval(this.#tick);
    clearInterval(this.#pulse);
    for (const changes of this.#watched.values()) changes.dispose();
    this.#watched.clear();
  }

  #watch(pathspec: string): void {
    const changes = this.#metaflow.watch(pathspec, { signal: this.#abort.signal });
    this.#watched.set(pathspec, changes);
    void this.#follow(changes);
  }

  async #follow(changes: Changes): Promise<void> {
    for await (const change of changes) this.#gather(change.pathspec);
  }

  #gather(pathspec: string): void {
    if (this.#abort.signal.aborted) return;
    this.#pending.add(pathspec);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      void this.#take();
    }, GATHER_MS);
  }

  /** Watches the newest of the listed runs that may still change, and those alone. */
  #watchRuns(): void {
    if (this.#abort.signal.aborted) return;
    const now = Date.now();
    const wanted = new Set<string>();
    for (const row of this.#tree.branches.all()) {
      if (wanted.size < MOST_WATCHED && row instanceof RunRow && mayChange(row, now))
        wanted.add(row.run.pathspec);
    }
    for (const [pathspec, changes] of this.#watched) {
      if (pathspec === "" || wanted.has(pathspec)) continue;
      changes.dispose();
      this.#watched.delete(pathspec);
    }
    for (const pathspec of wanted) if (!this.#watched.has(pathspec)) this.#watch(pathspec);
  }

  async #take(): Promise<void> {
    const paths = [...this.#pending];
    this.#pending.clear();
    const touched = new Set<Row>();
    for (const path of paths) {
      const reading = this.#readingOf(path);
      if (reading === undefined) this.#invalidate(path, touched);
      // A load that each change began anew would never end where changes come faster than it reads.
      else
        void reading.then(() => {
          this.#gather(path);
        });
    }
    const states = new Map([...touched].map((row) => [row, stateOf(row)]));
    await Promise.all([...touched].map(async (row) => this.#update(row)));
    for (const [row, before] of states) {
      // Which steps are still to come depends on whether the run goes on.
      if (row instanceof RunRow && stateOf(row) !== before) this.#tree.branches.invalidate(row);
    }
    await this.#show(touched);
  }

  /**
   * Has the editor ask again for rows that look different or have other children. From then on until it has them again it knows none of the rows
   * below, and a command on one of these would be about nothing: so what is open is read before.
   */
  async #show(rows: Iterable<Row>): Promise<void> {
    await Promise.all([...rows].map(async (row) => this.#tree.branches.readOpen(row)));
    if (this.#abort.signal.aborted) return;
    for (const row of rows) this.#tree.refresh(row);
  }

  /** The rows that lead to an object, from the top on, as far as there are any. */
  #wayTo(pathspec: string): readonly Row[] {
    const { branches, root } = this.#tree;
    const way = [root];
    const parts = pathspec.split("/");
    for (const [index, kind] of (["flow", "run", "step", "task"] as const).entries()) {
      if (index >= parts.length) break;
      const id = `${kind}:${parts.slice(0, index + 1).join("/")}`;
      const row = branches.find(id) ?? branches.find(`${id}?filtered`);
      // A task has no row of its own where its step stands for it, or while its group is closed.
      if (row === undefined) break;
      way.push(row);
    }
    return way;
  }

  /** Ends when no children on the way to an object are being read; `undefined` when none are. */
  #readingOf(pathspec: string): Promise<unknown> | undefined {
    const reading: Promise<unknown>[] = [];
    for (const row of this.#wayTo(pathspec)) {
      const own = this.#tree.branches.reading(row);
      if (own !== undefined) reading.push(own);
    }
    return reading.length === 0 ? undefined : Promise.allSettled(reading);
  }

  /** Marks what a change makes outdated: the rows on the way to it look different, the last of them has other children. */
  #invalidate(pathspec: string, touched: Set<Row>): void {
    const { branches, root } = this.#tree;
    const way = this.#wayTo(pathspec);
    const last = way.at(-1) ?? root;
    branches.invalidate(last);
    // The groups of a large step, and a step that stands for its task, show what its tasks are.
    const step = way.find((row) => row instanceof StepRow);
    if (step !== undefined) branches.invalidate(step);
    // A step that is only to come becomes one that was started.
    if (step?.started === false && step.parent !== undefined) branches.invalidate(step.parent);
    for (const row of way) if (row !== root || last === root) touched.add(row);
  }

  async #update(row: Row): Promise<void> {
    const io = { signal: this.#abort.signal };
    try {
      await reread(row, "reread", io);
    } catch {
      return; // The view was hidden meanwhile.
    }
    if (row.problem !== undefined) this.#note(row.problem);
    this.#watchRuns();
  }

  #onTick(): void {
    const today = new Date().getDate();
    for (const row of this.#tree.branches.all()) {
      // At midnight "Today" becomes "Yesterday" in every row.
      if (row.ticks || today !== this.#day) this.#tree.repaint(row);
    }
    this.#day = today;
    this.#watchRuns();
  }

  async #onPulse(): Promise<void> {
    const { branches } = this.#tree;
    const rows = [...branches.all()]
      .filter((row) => row instanceof RunRow)
      .filter(({ run }) => this.#watched.has(run.pathspec));
    const before = rows.map(stateOf);
    await Promise.all(rows.map(async (row) => this.#update(row)));
    if (this.#abort.signal.aborted) return;
    for (const [index, row] of rows.entries()) {
      this.#tree.repaint(row);
      if (stateOf(row) !== before[index] || isBehind(row, branches.loaded(row) ?? []))
        await this.#lookAgain(row);
    }
    if (this.#isService) await this.#lookForRuns(rows);
  }

  /** Where a run is under way others may begin; no watch tells of them. */
  async #lookForRuns(rows: readonly RunRow[]): Promise<void> {
    const flows = new Set(rows.map(({ parent }) => parent).filter((row) => row instanceof FlowRow));
    for (const flow of flows) {
      const before = flow.latest?.pathspec;
      await this.#update(flow);
      if (this.#abort.signal.aborted || flow.latest?.pathspec === before) continue;
      this.#tree.branches.invalidate(flow);
      await this.#show([flow]);
    }
  }

  /** No file tells that a process was killed, or has begun: all that is shown of its run is looked at again. */
  async #lookAgain(run: RunRow): Promise<void> {
    const { branches } = this.#tree;
    for (const row of branches.all()) {
      if (row === run || row.id.includes(`:${run.run.pathspec}/`)) branches.invalidate(row);
    }
    await this.#show([run]);
    if (run.parent instanceof FlowRow) this.#tree.repaint(run.parent);
  }
}

function stateOf(row: Row): string | undefined {
  return row instanceof RunRow ? row.status?.state : undefined;
}

/** Whether the steps that are shown of a run stand otherwise than the run has just found them. */
function isBehind(run: RunRow, shown: readonly Row[]): boolean {
  if (run.status === undefined || shown.length === 0) return false;
  // A failed run counts no tasks that are missing: its steps themselves do.
  if (run.status.state === "failed") return false;
  const rows = new Map(shown.filter((row) => row instanceof StepRow).map((row) => [row.name, row]));
  return [...run.status.steps].some(([name, { state }]) => {
    const row = rows.get(name);
    if (row?.started !== true) return true;
    return row.status !== undefined && row.status.state !== state;
  });
}

function mayChange({ status }: RunRow, now: number): boolean {
  if (status === undefined) return true;
  if (status.settled) return false;
  return status.state === "running" || status.state === "pending" || now - status.since.getTime() < HOPE_MS;
}
