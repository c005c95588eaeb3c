import type { IoOptions } from "../../base/io.ts";
import { collect, first } from "../../base/async.ts";
import { MetaflowInternalError, MetaflowKeyError, MetaflowNotFound, type MetaflowError } from "../errors.ts";
import type { LogStream } from "../logs/tasklog.ts";
import type { PathComponents } from "../pathspec.ts";
import { isBroken, type ObjectRecord } from "../records.ts";
import type { StepStatus, TaskStatus } from "../status/state.ts";
import { unchecked, type ObjectContext } from "./context.ts";
import { graphOfTask } from "./endpoints.ts";
import { previousSteps, type Graph } from "./graph.ts";
import { mergedLog, type MergedLine } from "./mergedLog.ts";
import type { Page } from "./object.ts";
import { notFound } from "./object.ts";
import { ParentObject } from "./parent.ts";
import type { Run } from "./run.ts";
import { readStatuses, readStepStatus } from "./readStatus.ts";
import type { Task } from "./task.ts";

const CONTROL_TASK = "control_task";

/** A task with how it stands. */
export interface TaskWithStatus {
  /** The task. */
  readonly task: Task;
  /** How it stands. */
  readonly status: TaskStatus;
}

/** A step of a run: the tasks that executed it. Python: `metaflow.Step`. Iteration gives the last created task first. */
export class Step extends ParentObject<Task> {
  readonly kind = "step";
  #parent: Run | undefined;

  /** @internal */
  constructor(record: ObjectRecord, context: ObjectContext, parent?: Run) {
    super(record, context);
    this.#parent = parent;
  }

  override async parent(io?: IoOptions): Promise<Run> {
    const path = this.pathComponents.slice(0, -1);
    this.#parent ??= await this.context.make.openRun(path, unchecked(this.context), io);
    return this.#parent;
  }

  override async originPathspec(io?: IoOptions): Promise<string | undefined> {
    const origin = await (await this.parent(io)).originPathspec(io);
    return origin === undefined ? undefined : `${origin}/${this.id}`;
  }

  /** The task that was created last, the only one outside of a foreach. Python: `Step.task`. */
  async task(io?: IoOptions): Promise<Task | undefined> {
    return first(this.children({ expected: 1 }, io));
  }

  /** The tasks with all these tags. Python: `Step.tasks`. */
  tasks(...tags: string[]): AsyncIterable<Task> {
    return this.tagged(tags);
  }

  /** The task that started the others of a parallel step. Python: `Step.control_task`. */
  async controlTask(io?: IoOptions): Promise<Task | undefined> {
    return first(this.#controlTasks([], io));
  }

  /** Python: `Step.control_tasks`. */
  controlTasks(...tags: string[]): AsyncIterable<Task> {
    return this.#controlTasks(tags);
  }

  /** When the last task ended; `undefined` while one has not. Python: `Step.finished_at`. */
  async finishedAt(io?: IoOptions): Promise<Date | undefined> {
    let latest: Date | undefined;
    for await (const task of this.children(undefined, io)) {
      const finishedAt = await task.finishedAt(io);
      if (finishedAt === undefined) return undefined;
      if (latest === undefined || finishedAt > latest) latest = finishedAt;
    }
    if (latest === undefined) throw new MetaflowNotFound(`${this.toString()} has no tasks yet`);
    return latest;
  }

  /** The environment of the last created task. Python: `Step.environment_info`. */
  async environmentInfo(io?: IoOptions): Promise<unknown> {
    return (await this.task(io))?.environmentInfo(io);
  }

  /** The steps that lead to this one and that the run took. Python: `Step.parent_steps`. */
  async *parentSteps(io?: IoOptions): AsyncIterable<Step> {
    const graph = await this.#graph(io);
    if (this.id !== graph.startStep) yield* this.#takenOf(previousSteps(graph, this.id), io);
  }

  /** The steps that this one leads to and that the run took. Python: `Step.child_steps`. */
  async *childSteps(io?: IoOptions): AsyncIterable<Step> {
    const graph = await this.#graph(io);
    if (this.id === graph.endStep) return;
    const step = graph.steps.get(this.id);
    if (step === undefined) throw new MetaflowKeyError(this.id, { pathspec: this.pathspec });
    if (step.type === "split-switch") yield* this.#takenOf(step.next, io);
    // Any other step will come, or never came.
    else
      for (const name of step.next)
        yield await this.context.make.openStep(this.#beside(name), unchecked(this.context), io);
  }

  /**
   * The lines of all its tasks in time order, each with its task; of both streams where none is named. Of a task that was tried several times those
   * of the last attempt. Lines of a task keep their order; of equal times the task that was made first is first; a line without time
   * stands behind the one that it follows.
   *
   * A log is opened when the merge comes to the time of its task, one part at a time: held are at most about 32 MiB of log text, however many
   * tasks and however long their logs. A line more than ten seconds older than its task's record comes late.
   */
  mergedLog(stream?: LogStream, io?: IoOptions): AsyncIterable<MergedLine> {
    return mergedLog(this.context.session, this.children(undefined, io), stream, io);
  }

  /** How the step stands, by all its tasks. */
  async status(io?: IoOptions): Promise<StepStatus> {
    const { session } = this.context;
    const run = await session.provider.record(this.pathComponents.slice(0, 2), io);
    if (run === undefined) throw new MetaflowInternalError(`Could not find the run of ${this.toString()}`);
    return readStepStatus(session, run, this.id, io);
  }

  /** All tasks, last created first, each with how it stands. What the run shows of life is looked at once for all of them. */
  async statuses(io?: IoOptions): Promise<Page<TaskWithStatus>> {
    const { session } = this.context;
    const [run, children] = await Promise.all([
      session.provider.record(this.pathComponents.slice(0, 2), io),
      collect(this.records({ expected: Number.POSITIVE_INFINITY }, io)),
    ]);
    if (run === undefined) throw new MetaflowInternalError(`Could not find the run of ${this.toString()}`);
    const records: ObjectRecord[] = [];
    const problems: MetaflowError[] = [];
    for (const record of children) {
      if (isBroken(record)) problems.push(record.problem);
      else records.push(record);
    }
    const statuses = await readStatuses(session, run, records, io);
    const items = statuses.map(({ task, status }) => ({ task: this.makeChild(task), status }));
    return { items, problems, cursor: undefined };
  }

  /** @internal */
  protected override makeChild(record: ObjectRecord): Task {
    return this.context.make.task(record, this.context, undefined, this);
  }

  async *#controlTasks(tags: readonly string[], io?: IoOptions): AsyncIterable<Task> {
    for await (const task of this.tagged(tags, io)) {
      if (task.tags.has(CONTROL_TASK))
        yield task; // Before Metaflow 2.7.0.
      else {
        const types = (await task.metadata(io)).filter(({ name }) => name === "internal_task_type");
        for (const { value } of types) if (value === CONTROL_TASK) yield task;
      }
    }
  }

  async #graph(io?: IoOptions): Promise<Graph> {
    const task = await this.task(io);
    if (task === undefined) throw new MetaflowNotFound(`${this.toString()} has no tasks yet`);
    const graph = await graphOfTask(this.context.session, task.pathComponents, undefined, io);
    if (graph === undefined) throw new MetaflowKeyError("_graph_info", { pathspec: task.pathspec });
    return graph;
  }

  /**
   * The steps of these names, without those that a switch did not take (deviation 7 of the client's contract). A switch takes one of them: where
   * there is none, they are missing for another reason, and Python's error says so.
   */
  async *#takenOf(names: readonly string[], io?: IoOptions): AsyncIterable<Step> {
    const { session, make } = this.context;
    let isTaken = false;
    let missing: PathComponents | undefined;
    for (const name of names) {
      const path = this.#beside(name);
      const record = await session.provider.record(path, io);
      if (record === undefined) missing ??= path;
      else {
        isTaken = true;
        yield make.step(record, unchecked(this.context));
      }
    }
    if (!isTaken && missing !== undefined) throw notFound(missing);
  }

  #beside(name: string): PathComponents {
    return [...this.pathComponents.slice(0, 2), name];
  }
}
