import type { IoOptions } from "../../base/io.ts";
import { first } from "../../base/async.ts";
import { MetaflowConfigError, MetaflowNotFound } from "../errors.ts";
import type { LogStream } from "../logs/tasklog.ts";
import { parseValue } from "../metadata/parse.ts";
import type { ObjectRecord } from "../records.ts";
import type { RunStatus } from "../status/run.ts";
import { tagEdit } from "../tags.ts";
import type { MetaflowData } from "./artifact.ts";
import type { MetaflowCode } from "./code.ts";
import { compareRuns, type RunComparison } from "./compare.ts";
import { unchecked, type ObjectContext } from "./context.ts";
import { endpointOf, graphOfRun, type Endpoint } from "./endpoints.ts";
import { findFirstFailure, type Failure } from "./failure.ts";
import type { Flow } from "./flow.ts";
import type { Graph } from "./graph.ts";
import { mergedLog, type MergedLine } from "./mergedLog.ts";
import { ParentObject } from "./parent.ts";
import { readRunStatus } from "./readStatus.ts";
import type { Step } from "./step.ts";
import type { Task } from "./task.ts";
import { Trigger } from "./trigger.ts";

/** One execution of a flow. Python: `metaflow.Run`. Iteration gives the steps that were started last first, `_parameters` left out. */
export class Run extends ParentObject<Step> {
  readonly kind = "run";
  readonly #record: ObjectRecord;
  #parent: Flow | undefined;
  #endTask: Promise<Task | undefined> | undefined;

  /** @internal */
  constructor(record: ObjectRecord, context: ObjectContext, parent?: Flow) {
    super(record, context);
    this.#record = record;
    this.#parent = parent;
  }

  override async parent(io?: IoOptions): Promise<Flow> {
    const path = this.pathComponents.slice(0, -1);
    this.#parent ??= await this.context.make.openFlow(path, unchecked(this.context), io);
    return this.#parent;
  }

  /** The run that this one resumed; `undefined` for a run that was not resumed. Throws MetaflowNotFound while it has no step. */
  override async originPathspec(io?: IoOptions): Promise<string | undefined> {
    const step = await first(this.children({ expected: 1 }, io));
    if (step === undefined) throw new MetaflowNotFound(`${this.toString()} has no steps yet`);
    const task = await step.task(io);
    const origin = (await task?.metadata(io))?.find(({ name }) => name === "origin-run-id")?.value;
    // Ordinary runs record the text "None" (deviation 5 of the client's contract).
    return typeof origin !== "string" || origin === "None"
      ? undefined
      : `${this.pathComponents[0] ?? ""}/${origin}`;
  }

  /** The data of the end task; `undefined` while there is none. Python: `Run.data`. */
  async data(io?: IoOptions): Promise<MetaflowData | undefined> {
    return (await this.endTask(io))?.data(io);
  }

  /** Whether the end task's last done attempt succeeded; `false` while there is none. Python: `Run.successful`. */
  async successful(io?: IoOptions): Promise<boolean> {
    return (await (await this.endTask(io))?.successful(io)) ?? false;
  }

  /** Python: `Run.finished`: `false` also for every run that failed. */
  async finished(io?: IoOptions): Promise<boolean | undefined> {
    const end = await this.endTask(io);
    return end === undefined ? false : end.finished(io);
  }

  /** When the end task finished; `undefined` while it has not. Python: `Run.finished_at`. */
  async finishedAt(io?: IoOptions): Promise<Date | undefined> {
    return (await this.endTask(io))?.finishedAt(io);
  }

  /** The task of the last step; `undefined` while that step does not exist. Python: `Run.end_task`. */
  async endTask(io?: IoOptions): Promise<Task | undefined> {
    io?.signal?.throwIfAborted();
    // Without the caller's signal: who asks for all that is known of a run's end waits for the same task.
    this.#endTask ??= this.#readEndTask().finally(() => (this.#endTask = undefined));
    return this.#endTask;
  }

  /** The first code package among the steps, those started last first; `undefined` where none was kept. Python: `Run.code`. */
  async code(io?: IoOptions): Promise<MetaflowCode | undefined> {
    for await (const step of this.children(undefined, io)) {
      const code = await (await step.task(io))?.code(io);
      if (code !== undefined) return code;
    }
    return undefined;
  }

  /** The events that started the run; `undefined` when nobody but a person did. Python: `Run.trigger`. */
  async trigger(io?: IoOptions): Promise<Trigger | undefined> {
    const task = await (await this.#endpoint("start", io))?.task(io);
    const recorded = (await task?.metadataDict(io))?.get("execution-triggers");
    if (recorded === undefined || recorded === "") return undefined;
    return new Trigger(
      typeof recorded === "string" ? parseValue(recorded, "execution-triggers") : recorded,
      this.context,
    );
  }

  /** The steps with all these tags. Python: `Run.steps`. */
  steps(...tags: string[]): AsyncIterable<Step> {
    return this.tagged(tags);
  }

  /** How the run stands, by all signs that Metaflow leaves. */
  async status(io?: IoOptions): Promise<RunStatus> {
    return readRunStatus(this.context.session, this.#record, io);
  }

  /** The task that failed first of its own accord; `undefined` when none did. */
  async firstFailure(io?: IoOptions): Promise<Failure | undefined> {
    return findFirstFailure(this, io);
  }

  /**
   * What differs between this run and another one, of the same flow or not: by records alone, so that no artifact is read. Tasks of a foreach
   * belong together by their indices. Reads the metadata and the artifacts' records of all tasks of both.
   */
  async compare(other: Run, io?: IoOptions): Promise<RunComparison> {
    if (!((other as unknown) instanceof Run))
      throw new MetaflowConfigError("A run is compared with another run of this library");
    return compareRuns(
      { run: this, session: this.context.session },
      { run: other, session: other.context.session },
      io,
    );
  }

  /** The lines of the tasks of all its steps in time order; as `Step.mergedLog`. */
  mergedLog(stream?: LogStream, io?: IoOptions): AsyncIterable<MergedLine> {
    return mergedLog(this.context.session, this.#tasks(io), stream, io);
  }

  /** The steps and edges that the run recorded; `undefined` before Metaflow 2.4.9. */
  async graph(io?: IoOptions): Promise<Graph | undefined> {
    return graphOfRun(this.context.session, this.pathComponents, io);
  }

  /** Adds a tag; as in Python also several. Python: `Run.add_tag`. */
  async addTag(tag: Tags, io?: IoOptions): Promise<void> {
    await this.replaceTag([], tag, io);
  }

  /** Python: `Run.add_tags`. What is a system tag already is not added. */
  async addTags(tags: Tags, io?: IoOptions): Promise<void> {
    await this.replaceTag([], tags, io);
  }

  /** Python: `Run.remove_tag`. Removing a system tag throws MetaflowTaggingError, removing what is not there does nothing. */
  async removeTag(tag: Tags, io?: IoOptions): Promise<void> {
    await this.replaceTag(tag, [], io);
  }

  /** Python: `Run.remove_tags`. */
  async removeTags(tags: Iterable<string>, io?: IoOptions): Promise<void> {
    await this.replaceTags(tags, [], io);
  }

  /** Removes, then adds, in one change. Python: `Run.replace_tag`. */
  async replaceTag(remove: Tags, add: Tags, io?: IoOptions): Promise<void> {
    await this.replaceTags(wrapped(remove), wrapped(add), io);
  }

  /** Removes, then adds, in one change. Python: `Run.replace_tags`. Throws MetaflowTaggingError. */
  async replaceTags(remove: Iterable<string>, add: Iterable<string>, io?: IoOptions): Promise<void> {
    const edit = tagEdit(remove, add);
    const tags = await this.context.session.provider.mutateTags(this.pathComponents, edit, io);
    this.setUserTags(tags);
    for (const tag of tags) this.context.session.tagsSeen.add(tag);
  }

  async *#tasks(io?: IoOptions): AsyncIterable<Task> {
    for await (const step of this.children(undefined, io)) yield* step.children(undefined, io);
  }

  async #readEndTask(): Promise<Task | undefined> {
    return (await this.#endpoint("end"))?.task();
  }

  async #endpoint(which: Endpoint, io?: IoOptions): Promise<Step | undefined> {
    const record = await endpointOf(this.context.session, this.pathComponents, which, io);
    return record && this.makeChild(record);
  }

  /** @internal */
  protected override shows(id: string): boolean {
    return !id.startsWith("_");
  }

  /** @internal */
  protected override makeChild(record: ObjectRecord): Step {
    return this.context.make.step(record, this.context, this);
  }
}

/** One tag, or several. */
export type Tags = string | Iterable<string>;

function wrapped(tags: Tags): Iterable<string> {
  return typeof tags === "string" ? [tags] : tags;
}
