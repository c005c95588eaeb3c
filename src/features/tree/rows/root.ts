import { mapLimited } from "../../../base/async.ts";
import type { IoOptions } from "../../../base/io.ts";
import type { Flow } from "../../../client/index.ts";
import { isEmptyFilter } from "../filter/filter.ts";
import { Row, reread, type Look } from "../row.ts";
import type { Source } from "../source.ts";
import { FlowRow, flowRowId } from "./flow.ts";
import { ProblemRow } from "./problem.ts";

const AT_A_TIME = 8;
/** So many flows show the runs that a filter left without a click. */
const MOST_OPEN = 10;
/** A datastore has as many flows as people wrote; all of them are listed, for they are ordered by their newest run. */
const MOST_FLOWS = 10_000;

/** What stands above the flows; it is never shown itself. */
export class RootRow extends Row {
  readonly kind = "root";
  readonly #source: () => Promise<Source>;
  /** Flows that are to be listed although the filter leaves none of their runs. */
  readonly #pinned = new Set<string>();
  #shownBefore = false;
  #known: ReadonlyMap<string, FlowRow> = new Map();

  constructor(source: () => Promise<Source>) {
    super("root", undefined);
    this.#source = source;
  }

  override look(): Look {
    return { label: "", description: "", icon: undefined, contextValue: "", spoken: "" };
  }

  /** The flows, the one with the newest run first. */
  override async load(io: IoOptions): Promise<readonly Row[]> {
    const source = await this.#source();
    const page = await source.metaflow.page({ limit: MOST_FLOWS }, io);
    const filtered = !isEmptyFilter(source.filter);
    const rows = page.items.map((flow) => this.#rowOf(flow, source, filtered));
    this.#known = new Map(rows.map((row) => [row.id, row]));
    // A flow that cannot be read says so in its row; the others are listed beside it.
    await mapLimited(rows, AT_A_TIME, async (row) => reread(row, "update", io));
    for (const row of rows) if (row.problem !== undefined) source.note(row, row.problem);
    const shown = rows.filter((row) => row.latest !== undefined || row.problem !== undefined);
    shown.sort((a, b) => startOf(b) - startOf(a));
    const listed = filtered ? await this.#matching(shown, io) : shown;
    if (filtered) for (const row of listed.slice(0, MOST_OPEN)) row.openAtFirst();
    else if (!this.#shownBefore) listed[0]?.openAtFirst();
    this.#shownBefore ||= listed.length > 0;
    for (const row of listed) this.#glanceLater(row, source, io);
    const problems = page.problems.map((problem) => new ProblemRow(this, problem, problem.context.pathspec));
    return [...listed, ...problems];
  }

  /** Lists a flow whatever the filter says, from the next reading on. */
  pin(flow: string): void {
    this.#pinned.add(flow);
  }

  /** Forgets what was asked for by name. */
  unpinAll(): void {
    this.#pinned.clear();
  }

  /** Shows the next datastore as one that was never seen. */
  startOver(): void {
    this.unpinAll();
    this.#shownBefore = false;
    this.#known = new Map();
  }

  /** The row that stands for a flow already keeps what it knows. */
  #rowOf(flow: Flow, source: Source, filtered: boolean): FlowRow {
    return this.#known.get(flowRowId(flow.id, filtered)) ?? new FlowRow(this, flow, source, filtered);
  }

  /** How many runs of a flow run is worth knowing, but no reason for the list to wait. */
  #glanceLater(row: FlowRow, source: Source, io: IoOptions): void {
    const looking = source.later(async () => {
      io.signal?.throwIfAborted();
      await row.glance(io);
    });
    looking.then(
      () => {
        source.changed(row);
      },
      (error: unknown) => {
        if (io.signal?.aborted !== true) source.note(row, error);
      },
    );
  }

  /** The flows that have a run which the filter lets through. */
  async #matching(rows: readonly FlowRow[], io: IoOptions): Promise<FlowRow[]> {
    const has = await mapLimited(
      rows,
      AT_A_TIME,
      async (row) => row.problem !== undefined || row.hasMatch(io),
    );
    return rows.filter((row, index) => has[index] === true || this.#pinned.has(row.name));
  }
}

function startOf({ latest }: FlowRow): number {
  return latest?.startedAt.getTime() ?? 0;
}
