import type { IoOptions } from "../../base/io.ts";
import { first } from "../../base/async.ts";
import type { ObjectRecord } from "../records.ts";
import type { PageQuery } from "./page.ts";
import { ParentObject } from "./parent.ts";
import type { Run } from "./run.ts";
import { MetaflowNamespaceMismatch } from "../errors.ts";

/** Which runs a page has. */
export type RunPageQuery = PageQuery<Run>;

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

  /** @internal Throws MetaflowNamespaceMismatch when no run is in the namespace of the flow's creation. */
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

  /** How many runs there are in all namespaces, `undefined` where only a listing of all would tell. Reads names, no records. */
  async runCount(io?: IoOptions): Promise<number | undefined> {
    return this.context.session.provider.count?.(this.pathComponents, io);
  }

  /** @internal */
  protected override makeChild(record: ObjectRecord): Run {
    return this.context.make.run(record, this.context, this);
  }
}
