import type { IoOptions } from "../../base/io.ts";
import { first } from "../../base/async.ts";
import type { ObjectRecord } from "../records.ts";
import type { State } from "../status.ts";
import type { Page } from "./object.ts";
import { ParentObject, type PageQuery, type Verdict } from "./parent.ts";
import type { Run } from "./run.ts";
import { MetaflowNamespaceMismatch } from "../errors.ts";

/** Which runs a page has: all that is asked for must hold. */
export interface RunPageQuery extends PageQuery {
  /** One of these states. */
  readonly status?: readonly State[] | undefined;
  readonly user?: string | undefined;
  /** Started then or later. */
  readonly since?: Date | undefined;
  /** Started then or earlier. */
  readonly until?: Date | undefined;
  /** A test of the run's record alone; asked before what has to be read. */
  readonly accepts?: ((run: Run) => boolean) | undefined;
  /** A test that may read; asked of the runs that pass all others. */
  readonly where?: ((run: Run, io?: IoOptions) => Promise<boolean>) | undefined;
  /** Part of the id or of a tag, upper and lower case alike. */
  readonly text?: string | undefined;
}

/** A flow: its runs. Python: `metaflow.Flow`. Iteration gives the run that was started last first. */
export class Flow extends ParentObject<Run> {
  readonly kind = "flow";

  override async parent(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  override async originPathspec(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Whether a run of the flow is in the namespace; reads as many records as it needs to find one. */
  override async isInNamespace(io?: IoOptions): Promise<boolean> {
    return (await this.latestRun(io)) !== undefined;
  }

  /** Throws MetaflowNamespaceMismatch when no run is in the namespace of the flow's creation. */
  async checkRuns(io?: IoOptions): Promise<void> {
    const { checked, namespace } = this.context;
    if (checked && namespace !== null && (await this.latestRun(io)) === undefined) {
      throw new MetaflowNamespaceMismatch(namespace, { pathspec: this.pathspec });
    }
  }

  /** The run that was started last, in any state. Python: `Flow.latest_run`. */
  async latestRun(io?: IoOptions): Promise<Run | undefined> {
    return first(this.children({ expected: 1 }, io));
  }

  /** The last run that was successful. Python: `Flow.latest_successful_run`. */
  async latestSuccessfulRun(io?: IoOptions): Promise<Run | undefined> {
    for await (const run of this.children(undefined, io)) if (await run.successful(io)) return run;
    return undefined;
  }

  /** The runs with all these tags. Python: `Flow.runs`. */
  runs(...tags: string[]): AsyncIterable<Run> {
    return this.tagged(tags);
  }

  /** A page of runs, started last first; filters read on until the page is full. */
  async page(query: RunPageQuery = {}, io?: IoOptions): Promise<Page<Run>> {
    return this.collectPage(query, async (run) => matchesRun(run, query, io), io);
  }

  /** How many runs there are in all namespaces, `undefined` where only a listing of all would tell. Reads names, no records. */
  async runCount(io?: IoOptions): Promise<number | undefined> {
    return this.context.session.provider.count?.(this.pathComponents, io);
  }

  protected override makeChild(record: ObjectRecord): Run {
    return this.context.make.run(record, this.context, this);
  }
}

async function matchesRun(run: Run, query: RunPageQuery, io?: IoOptions): Promise<Verdict> {
  const { user, since, until, text, status, accepts, where } = query;
  // Runs come in the order of their starts, the last one first.
  if (since !== undefined && run.startedAt < since) return "end";
  if (accepts?.(run) === false) return false;
  if (user !== undefined && !run.tags.has(`user:${user}`)) return false;
  if (until !== undefined && run.startedAt > until) return false;
  if (text !== undefined && !hasText(run, text.toLowerCase())) return false;
  // Last, because these two read.
  if (status !== undefined && !status.includes((await run.status(io)).state)) return false;
  return where === undefined || where(run, io);
}

function hasText(run: Run, text: string): boolean {
  return run.id.toLowerCase().includes(text) || [...run.tags].some((tag) => tag.toLowerCase().includes(text));
}
