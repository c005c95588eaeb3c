import { mapLimited } from "../../../base/async.ts";
import type { IoOptions } from "../../../base/io.ts";
import { MetaflowError } from "../../../client/errors.ts";
import type { Flow, Page, Run, RunStatus } from "../../../client/index.ts";
import { contextValueOf } from "../../contextKeys.ts";
import { t } from "../../text.ts";
import { isEmptyFilter } from "../filter/filter.ts";
import { runsThat } from "../filter/query.ts";
import { agoText, exactText } from "../format.ts";
import { factsTable } from "../markdown.ts";
import { Row, joined, type Folding, type Look, type Paged, type Surroundings } from "../row.ts";
import { settle } from "../settle.ts";
import { PAGE_SIZE, type Source } from "../source.ts";
import { noMatch } from "./action.ts";
import { MoreRow } from "./more.ts";
import { ProblemRow } from "./problem.ts";
import { RunRow } from "./run.ts";

/** How many of the newest runs are looked at for what runs and what failed. */
const GLANCE = 10;

/** The id of a flow's row. */
export function flowRowId(flow: string, filtered: boolean): string {
  return filtered ? `flow:${flow}?filtered` : `flow:${flow}`;
}

/** A flow with its runs, newest first, a page at a time. */
export class FlowRow extends Row implements Paged {
  readonly kind = "flow";
  readonly #source: Source;
  readonly #flow: Flow;
  #open = false;
  #latest: Run | undefined;
  #recent: ReadonlyMap<string, RunStatus> = new Map();
  #rows: readonly RunRow[] = [];
  #problems: readonly Row[] = [];
  #cursor: string | undefined;
  #total: number | undefined;
  #wanted = PAGE_SIZE;
  /** Runs that were asked for by name and may be older than what is listed. */
  readonly #pinned = new Set<string>();

  /** @param filtered with a filter in force it is another row: what is open without one stays as it was */
  constructor(parent: Row, flow: Flow, source: Source, filtered: boolean) {
    super(flowRowId(flow.id, filtered), parent, { kind: "flow", pathspec: flow.pathspec });
    this.#flow = flow;
    this.#source = source;
  }

  override get folding(): Folding {
    return this.#open ? "open" : "closed";
  }

  override get ticks(): boolean {
    return true;
  }

  get name(): string {
    return this.#flow.id;
  }

  /** Shows the runs without a click. */
  openAtFirst(): void {
    this.#open = true;
  }

  /** Whether the filter lets any run through, or cannot tell. */
  async hasMatch(io: IoOptions): Promise<boolean> {
    const { items, problems } = await this.#page(undefined, 1, io);
    return items.length + problems.length > 0;
  }

  /** The newest run, whatever the filter says. */
  get latest(): Run | undefined {
    return this.#latest;
  }

  /** The runs that are listed. */
  get runs(): readonly RunRow[] {
    return this.#rows;
  }

  /** How the runs stand that were looked at: those listed, and the newest ones. */
  get states(): ReadonlyMap<string, RunStatus> {
    const states = new Map(this.#recent);
    for (const { run, status } of this.#rows) if (status !== undefined) states.set(run.pathspec, status);
    return states;
  }

  /** How many runs are known to run. */
  get running(): number {
    return [...this.states.values()].filter(({ state }) => state === "running").length;
  }

  /** Looks at the newest runs alone, for how many of them run and fail. */
  async glance(io: IoOptions): Promise<void> {
    const page = await this.#flow.page({ limit: GLANCE }, io);
    const statuses = await mapLimited(page.items, GLANCE, async (run) => {
      // One that cannot be read says so in its own row.
      const status = await run.status(io).catch(() => undefined);
      return [run.pathspec, status] as const;
    });
    io.signal?.throwIfAborted();
    this.#latest = page.items[0] ?? this.#latest;
    this.#recent = new Map(
      statuses.flatMap(([run, status]) => (status === undefined ? [] : [[run, status]])),
    );
  }

  override look({ now }: Surroundings): Look {
    const running = this.running;
    const ago = this.#latest && agoText(this.#latest.startedAt, now);
    const description = joined([running === 0 ? undefined : t("{0} running", running), ago]);
    return {
      label: this.#flow.id,
      description,
      icon: { id: "type-hierarchy-sub" },
      contextValue: contextValueOf(this.kind, running > 0 ? ["live"] : []),
      spoken: joined([this.#flow.id, t("flow"), description], ", "),
    };
  }

  override async update(io: IoOptions): Promise<void> {
    const page = await this.#flow.page({ limit: 1 }, io);
    this.#latest = page.items[0];
  }

  override async load(io: IoOptions): Promise<readonly Row[]> {
    return this.#read(undefined, this.#wanted, [], [], io);
  }

  async loadMore(io: IoOptions): Promise<readonly Row[]> {
    const rows = await this.#read(this.#cursor, PAGE_SIZE, this.#rows, this.#problems, io);
    this.#wanted = this.#rows.length;
    return rows;
  }

  /** Lists a run whatever its age and the filter, from the next reading on. */
  pin(runId: string): void {
    this.#pinned.add(runId);
  }

  override adopt(newer: Row): boolean {
    if (newer instanceof FlowRow) {
      this.#latest = newer.#latest ?? this.#latest;
      if (newer.#recent.size > 0) this.#recent = newer.#recent;
    }
    return false;
  }

  override async tooltip(io: IoOptions, { locale }: Surroundings): Promise<string> {
    const total = this.#total ?? (await this.#flow.runCount(io));
    return factsTable(this.#flow.id, [
      [t("Runs"), total === undefined ? undefined : String(total)],
      [t("Latest run"), this.#latest && exactText(this.#latest.startedAt, locale)],
      [t("First recorded"), exactText(this.#flow.createdAt, locale)],
    ]);
  }

  async #read(
    cursor: string | undefined,
    limit: number,
    before: readonly RunRow[],
    problemsBefore: readonly Row[],
    io: IoOptions,
  ): Promise<readonly Row[]> {
    const page = await this.#page(cursor, limit, io);
    const known = new Map(this.#rows.map((row) => [row.id, row]));
    const fresh = page.items.map((run) => this.#rowOf(run, known));
    // A pinned run is listed before its page is.
    const rows = [...before.filter((row) => !fresh.includes(row)), ...fresh];
    for (const id of this.#pinned) {
      if (rows.some((row) => row.run.id === id)) continue;
      const run = await this.#pinnedRun(id, io);
      if (run !== undefined) rows.push(this.#rowOf(run, known));
    }
    await settle(
      rows.filter((row) => !row.final),
      this.#source,
      io,
    );
    if (cursor === undefined && !this.#isFiltered) this.#latest = page.items[0] ?? this.#latest;
    this.#rows = rows;
    // What is listed is fresher from now on.
    this.#recent = new Map(
      [...this.#recent].filter(([run]) => !rows.some((row) => row.run.pathspec === run)),
    );
    this.#problems = [
      ...problemsBefore,
      ...page.problems.map((problem) => new ProblemRow(this, problem, problem.context.pathspec)),
    ];
    this.#cursor = page.cursor;
    const listed = [...rows, ...this.#problems];
    if (page.cursor !== undefined) return [...listed, new MoreRow(this, "runs", await this.#countAll(io))];
    return listed.length === 0 && this.#isFiltered ? noMatch(this) : listed;
  }

  get #isFiltered(): boolean {
    return !isEmptyFilter(this.#source.filter);
  }

  /** How many runs the list has when all are loaded; how many a filter or a namespace leaves nobody knows before. */
  async #countAll(io: IoOptions): Promise<number | undefined> {
    if (this.#isFiltered || this.#source.metaflow.namespace !== null) return undefined;
    return (this.#total = await this.#flow.runCount(io));
  }

  async #page(cursor: string | undefined, limit: number, io: IoOptions): Promise<Page<Run>> {
    const asked = runsThat(this.#source.filter, this.#flow.id, new Date());
    return this.#flow.page({ ...asked, limit, cursor }, io);
  }

  /** A run that was asked for by name; one that is gone, or that the namespace hides, is forgotten: the others are still listed. */
  async #pinnedRun(id: string, io: IoOptions): Promise<Run | undefined> {
    try {
      return await this.#flow.get(id, io);
    } catch (error) {
      if (!(error instanceof MetaflowError)) throw error;
      this.#pinned.delete(id);
      return undefined;
    }
  }

  /** The row that stands for a run already keeps what it knows. */
  #rowOf(run: Run, known: ReadonlyMap<string, RunRow>): RunRow {
    const row = new RunRow(this, run, this.#source);
    const old = known.get(row.id);
    if (old === undefined) return row;
    old.adopt(row);
    return old;
  }
}
