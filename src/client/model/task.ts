import type { IoOptions } from "../../base/io.ts";
import { collect } from "../../base/async.ts";
import { PyObject } from "../../pickle/natural/classes.ts";
import { MetaflowInternalError, MetaflowKeyError } from "../errors.ts";
import type { TimedLine } from "../logs/mflog.ts";
import type { LogStream, TaskLog } from "../logs/tasklog.ts";
import { followTask, type FollowOptions } from "./follow.ts";
import { isValidArtifactName } from "../pathspec.ts";
import type { ArtifactRecord, ObjectRecord } from "../records.ts";
import type { TaskStatus } from "../status/state.ts";
import { readValue } from "../values.ts";
import { MetaflowData, type DataArtifact } from "./artifact.ts";
import { readAttempts, type TaskAttempt } from "./attempts.ts";
import type { Card } from "./card.ts";
import { readCards, type CardQuery } from "./cards.ts";
import { MetaflowCode } from "./code.ts";
import { unchecked, type ObjectContext } from "./context.ts";
import { artifactInfos, type ArtifactInfo } from "./dataFile.ts";
import { environmentInfo } from "./environment.ts";
import { foreachFromMetadata, parseForeachStack, type ForeachFrame } from "./foreach.ts";
import { childrenOf, parentsOf } from "./lineage.ts";
import { lastValue, latestByName, ofAttempt, type Metadata } from "./metadata.ts";
import { matchingTasks, openTasks, pathOf } from "./neighbours.ts";
import { MetaflowObject } from "./object.ts";
import { readStatusOf } from "./readStatus.ts";
import { recordedLog } from "./recordedLog.ts";
import type { Step } from "./step.ts";

/** What a failed task raised. Python: `MetaflowExceptionWrapper`. */
export interface TaskException {
  /** The exception's class, with its module: `ValueError`, `mylib.TrainingError`. */
  readonly type: string;
  /** What the exception says. Python: `str(exception)`. */
  readonly exception: string;
  /** Python's traceback, as it was printed. */
  readonly stacktrace: string;
}

/** One execution of a step. Python: `metaflow.Task`. Without an attempt it answers for the last one, as each member tells. */
export class Task extends MetaflowObject {
  readonly kind = "task";
  readonly #record: ObjectRecord;
  #parent: Step | undefined;

  /** @internal */
  constructor(record: ObjectRecord, context: ObjectContext, attempt?: number, parent?: Step) {
    super(record, context, attempt);
    this.#record = record;
    this.#parent = parent;
  }

  override async parent(io?: IoOptions): Promise<Step> {
    const path = this.pathComponents.slice(0, -1);
    this.#parent ??= await this.context.make.openStep(path, unchecked(this.context), io);
    return this.#parent;
  }

  /** The task that a resume cloned this one from; `undefined` for tasks that were executed. */
  override async originPathspec(io?: IoOptions): Promise<string | undefined> {
    const step = await (await this.parent(io)).originPathspec(io);
    if (step === undefined) return undefined;
    const origin = (await this.metadata(io)).find(({ name }) => name === "origin-task-id")?.value;
    return typeof origin === "string" ? `${step}/${origin}` : undefined;
  }

  /** Public artifacts of the attempt, else of the last done one; newest first. */
  async *[Symbol.asyncIterator](): AsyncIterator<DataArtifact> {
    yield* (await this.artifacts()).values();
  }

  /** An artifact by name, private ones too. Python: `task[name]`. Throws MetaflowKeyError. */
  async get(name: string, io?: IoOptions): Promise<DataArtifact> {
    const record = await this.#artifactRecord(name, io);
    if (record === undefined) throw MetaflowKeyError.below(this.pathspec, name);
    const artifact = this.#artifact(record);
    artifact.checkNamespace();
    return artifact;
  }

  /** Whether the attempt, else the last done one, stored an artifact of this name. Python: `name in task`. */
  async has(name: string, io?: IoOptions): Promise<boolean> {
    return (await this.#artifactRecord(name, io)) !== undefined;
  }

  /** Public artifacts by name, newest first. Python: `Task.artifacts`. Reads their records, no data. */
  async artifacts(io?: IoOptions): Promise<ReadonlyMap<string, DataArtifact>> {
    return this.#artifacts((name) => !name.startsWith("_"), io);
  }

  /** Metaflow's own artifacts, whose names have a leading underscore. Not in Python's listings. */
  async internalArtifacts(io?: IoOptions): Promise<ReadonlyMap<string, DataArtifact>> {
    return this.#artifacts((name) => name.startsWith("_"), io);
  }

  /** Type and size of each artifact of the attempt, else of the last done one: one small file, no data. */
  async artifactInfos(io?: IoOptions): Promise<ReadonlyMap<string, ArtifactInfo>> {
    const [record] = await this.context.session.provider.artifacts(this.pathComponents, this.attempt, io);
    return record === undefined
      ? new Map<string, ArtifactInfo>()
      : artifactInfos(this.context.session, record, io);
  }

  /** The artifacts' values, each read at its first `get`. Python: `Task.data`. */
  async data(io?: IoOptions): Promise<MetaflowData> {
    return new MetaflowData(await this.artifacts(io));
  }

  /**
   * All metadata, oldest first; with an attempt, its own. A task that a resume cloned also answers with the latest values of its
   * origin. Python: `Task.metadata`. Throws MetaflowNotFound when the origin is gone.
   */
  async metadata(io?: IoOptions): Promise<readonly Metadata[]> {
    const all = await this.context.session.provider.taskMetadata(this.pathComponents, undefined, io);
    const records = this.attempt === undefined ? all : ofAttempt(all, this.attempt);
    const own = records.map(({ name, value, type, createdAtMs }) => ({
      name,
      value,
      type,
      createdAt: createdAtMs,
      taskId: this.id,
    }));
    const originTask = lastValue(own, "origin-task-id");
    if (typeof originTask !== "string") return own;
    const inherited = await this.#originMetadata(String(lastValue(own, "origin-run-id")), originTask, io);
    const known = new Set(own.map(({ name }) => name));
    return [
      ...own,
      ...inherited.filter(({ name }) => !known.has(name)).map((entry) => ({ ...entry, taskId: this.id })),
    ];
  }

  /** The latest value of each metadata name. Python: `Task.metadata_dict`. */
  async metadataDict(io?: IoOptions): Promise<ReadonlyMap<string, unknown>> {
    return latestByName(await this.metadata(io));
  }

  /** The index in the innermost foreach; `undefined` outside of one. Python: `Task.index`. */
  async index(io?: IoOptions): Promise<number | undefined> {
    const record = await this.#artifactRecord("_foreach_stack", io);
    if (record === undefined) return undefined;
    return parseForeachStack(await readValue(this.context.session, record, io)).at(-1)?.index;
  }

  /** The foreaches around the task, outermost first: by metadata, which a running task has too, else by its artifact. */
  async foreachStack(io?: IoOptions): Promise<readonly ForeachFrame[]> {
    const { provider } = this.context.session;
    const fields = await provider.taskMetadata(
      this.pathComponents,
      ["foreach-execution-path", "foreach-stack"],
      io,
    );
    const frames = foreachFromMetadata(
      lastValue(fields, "foreach-execution-path"),
      lastValue(fields, "foreach-stack"),
    );
    if (frames.length > 0) return frames;
    const record = await this.#artifactRecord("_foreach_stack", io);
    return record === undefined ? [] : parseForeachStack(await readValue(this.context.session, record, io));
  }

  /** Python: `Task.successful`: the value of `_success` of the attempt, else of the last done one; `false` while there is none. */
  async successful(io?: IoOptions): Promise<boolean> {
    return (await this.#flag("_success", io)) === true;
  }

  /** Python: `Task.finished`: the value of `_task_ok`. `false` for a task that failed, `undefined` after an exit call. */
  async finished(io?: IoOptions): Promise<boolean | undefined> {
    return this.#flag("_task_ok", io);
  }

  /** What the task raised; `undefined` when nothing, and for a task that crashed. Python: `Task.exception`. */
  async exception(io?: IoOptions): Promise<TaskException | undefined> {
    const record = await this.#artifactRecord("_exception", io);
    if (record === undefined) return undefined;
    const value = await readValue(this.context.session, record, io);
    if (!(value instanceof PyObject) || !(value.state instanceof Map)) return undefined;
    const fields = value.state as ReadonlyMap<unknown, unknown>;
    const text = (field: string): string => {
      const found = fields.get(field);
      return typeof found === "string" ? found : "";
    };
    return { type: text("type"), exception: text("exception"), stacktrace: text("stacktrace") };
  }

  /** When `_task_ok` was recorded, whatever its value; `undefined` for a crash. Python: `Task.finished_at`. */
  async finishedAt(io?: IoOptions): Promise<Date | undefined> {
    const record = await this.#artifactRecord("_task_ok", io);
    return record && new Date(record.createdAtMs);
  }

  /** What ran the task: `dev`, `kubernetes`, … from the run's `runtime:` tag. Python: `Task.runtime_name`. */
  runtimeName(): string | undefined {
    for (const tag of this.tags) if (tag.startsWith("runtime:")) return tag.split(":")[1];
    return undefined;
  }

  /** The log of the attempt, else of the last started one, as one text. Python: `Task.stdout`. */
  async stdout(io?: IoOptions): Promise<string> {
    return this.#text("stdout", io);
  }

  /** Python: `Task.stderr`. */
  async stderr(io?: IoOptions): Promise<string> {
    return this.#text("stderr", io);
  }

  /** In bytes as stored, with the headers of its lines. Python: `Task.stdout_size`. */
  async stdoutSize(io?: IoOptions): Promise<number> {
    return (await (await this.log("stdout", io))?.sizeBytes(io)) ?? 0;
  }

  /** Python: `Task.stderr_size`. */
  async stderrSize(io?: IoOptions): Promise<number> {
    return (await (await this.log("stderr", io))?.sizeBytes(io)) ?? 0;
  }

  /** Lines with the time of their capture. Python: `Task.loglines`; one empty line where the task has not said where its log is. */
  async *loglines(stream: LogStream, io?: IoOptions): AsyncIterable<TimedLine> {
    const log = await this.log(stream, io);
    // Logs from before 2.2.10 have no times; Python reads them for `stdout` alone.
    if (log === undefined || !(await this.metadataDict(io)).has("ds-root")) yield [undefined, ""];
    else yield* log.loglines(io);
  }

  /** The stored log of the attempt, else of the last started one; `undefined` while the task has not said where it is. */
  async log(stream: LogStream, io?: IoOptions): Promise<TaskLog | undefined> {
    return recordedLog(this.context.session, this.pathComponents, await this.metadataDict(io), {
      stream,
      attempt: this.attempt,
    });
  }

  /** New lines as they come, until the task ends; `from: "start"` begins with those that are there. */
  followLog(stream: LogStream, options?: FollowOptions): AsyncIterable<TimedLine> {
    return followTask(this.context.session.provider, this, stream, options);
  }

  /** The attempt asked for, else the last one that was started. Python: `Task.current_attempt`. */
  async currentAttempt(io?: IoOptions): Promise<number> {
    return this.attempt ?? Number((await this.metadataDict(io)).get("attempt") ?? 0);
  }

  /**
   * The cards of the task, of all its attempts where none was asked for; none is an empty list. A task that a resume cloned answers with those
   * of its origin. Python: `metaflow.cards.get_cards`. Reads the task's metadata and lists one folder, no card. Throws MetaflowNotFound when
   * the origin is gone.
   */
  async cards(query: CardQuery = {}, io?: IoOptions): Promise<readonly Card[]> {
    return readCards(this.context, this, query, io);
  }

  /** Every attempt so far, with how it stands and a Task of its own for artifacts and logs. */
  async attempts(io?: IoOptions): Promise<readonly TaskAttempt[]> {
    return readAttempts(this.context.session, this.#record, (attempt) => this.ofAttempt(attempt), io);
  }

  /** The same task, asked for one attempt. Reads nothing. */
  ofAttempt(attempt: number): Task {
    return this.context.make.task(this.#record, this.context, attempt, this.#parent);
  }

  /** How the task stands, by all signs that Metaflow leaves. */
  async status(io?: IoOptions): Promise<TaskStatus> {
    const { session } = this.context;
    const settled = session.settled.get(this.pathspec);
    if (settled !== undefined) return settled as TaskStatus; // A task's key holds a task's status.
    const run = await session.provider.record(this.pathComponents.slice(0, 2), io);
    if (run === undefined) throw new MetaflowInternalError(`Could not find the run of ${this.toString()}`);
    return readStatusOf(session, run, this.#record, io);
  }

  /** The code package that the task ran with; `undefined` where none was kept. Python: `Task.code`. */
  async code(io?: IoOptions): Promise<MetaflowCode | undefined> {
    const location = (await this.metadataDict(io)).get("code-package");
    return typeof location === "string" && location !== ""
      ? MetaflowCode.open(this.context.session, this.pathComponents[0] ?? "", location, io)
      : undefined;
  }

  /**
   * What is known of the environment; only for tasks with a code package. `Local environment`, or the packages of a conda or pypi environment by kind.
   * Python: `Task.environment_info`. Throws MetaflowKeyError where Python raises KeyError: packages since Metaflow 2.15.21 have the
   * environments where its client does not look.
   */
  async environmentInfo(io?: IoOptions): Promise<unknown> {
    const code = await this.code(io);
    return code && environmentInfo(code, await this.metadataDict(io), io);
  }

  /** The pathspecs of the tasks that this one came from. Python: `Task.parent_task_pathspecs`. */
  async parentTaskPathspecs(io?: IoOptions): Promise<readonly string[]> {
    const { graph, path } = await this.#place(io);
    const [, , step = ""] = this.pathComponents;
    return collect(
      matchingTasks(this.context.session, this.pathComponents, parentsOf(graph, step, path), io),
    );
  }

  /** The pathspecs of the tasks that this one led to. Python: `Task.child_task_pathspecs`. */
  async childTaskPathspecs(io?: IoOptions): Promise<readonly string[]> {
    const { graph, path } = await this.#place(io);
    const [, , step = ""] = this.pathComponents;
    return collect(
      matchingTasks(this.context.session, this.pathComponents, childrenOf(graph, step, path), io),
    );
  }

  /** Python: `Task.parent_tasks`. */
  async *parentTasks(io?: IoOptions): AsyncIterable<Task> {
    yield* openTasks(this.context, await this.parentTaskPathspecs(io), io);
  }

  /** Python: `Task.child_tasks`. */
  async *childTasks(io?: IoOptions): AsyncIterable<Task> {
    yield* openTasks(this.context, await this.childTaskPathspecs(io), io);
  }

  async #place(io?: IoOptions): ReturnType<typeof pathOf> {
    const metadata = await this.metadataDict(io);
    return pathOf(this.context.session, this.pathComponents, this.attempt, metadata, io);
  }

  async #text(stream: LogStream, io?: IoOptions): Promise<string> {
    const log = await this.log(stream, io);
    return log === undefined ? "\n" : log.text(io);
  }

  async #flag(name: string, io?: IoOptions): Promise<boolean | undefined> {
    const record = await this.#artifactRecord(name, io);
    if (record === undefined) return false;
    const value = await this.context.session.flags.read(record, async () =>
      readValue(this.context.session, record, io),
    );
    return typeof value === "boolean" ? value : undefined;
  }

  async #artifactRecord(name: string, io?: IoOptions): Promise<ArtifactRecord | undefined> {
    if (!isValidArtifactName(name)) return undefined;
    return this.context.session.provider.artifact(this.pathComponents, name, this.attempt, io);
  }

  async #artifacts(
    shows: (name: string) => boolean,
    io?: IoOptions,
  ): Promise<ReadonlyMap<string, DataArtifact>> {
    const { session, checked, namespace } = this.context;
    if (checked && namespace !== null && !this.hasNamespace(namespace)) return new Map();
    const records = await session.provider.artifacts(this.pathComponents, this.attempt, io);
    const shown = records.filter(({ name }) => shows(name)).sort((a, b) => b.createdAtMs - a.createdAtMs);
    return new Map(shown.map((record) => [record.name, this.#artifact(record)]));
  }

  #artifact(record: ArtifactRecord): DataArtifact {
    return this.context.make.artifact(record, this.context, this.attempt, this);
  }

  async #originMetadata(run: string, task: string, io?: IoOptions): Promise<Metadata[]> {
    const [flow = "", , step = ""] = this.pathComponents;
    const path = [flow, run, step, task];
    const origin = await this.context.make.openTask(path, unchecked(this.context), undefined, io);
    const latest = new Map<string, Metadata>();
    const entries = [...(await origin.metadata(io))].sort((a, b) => a.createdAt - b.createdAt);
    for (const entry of entries) latest.set(entry.name, entry);
    return [...latest.values()];
  }
}
