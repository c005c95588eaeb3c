import type { IoOptions } from "../../../base/io.ts";
import { Turns } from "../../../base/turns.ts";
import type { Status, Task, TaskAttempt } from "../../../client/index.ts";
import { contextValueOf } from "../../contextKeys.ts";
import { t } from "../../text.ts";
import { foreachText, type Frame } from "../foreach.ts";
import { loadTask } from "../load/task.ts";
import { Row, joined, type Folding, type Look, type Surroundings } from "../row.ts";
import { iconOf, stateText } from "../state.ts";
import { taskState, taskText } from "../taskText.ts";
import { FolderRow } from "./folder.ts";

/** One execution of a step. */
export class TaskRow extends Row {
  readonly kind = "task";
  readonly #task: Task;
  #status: Status | undefined;
  #frames: readonly Frame[];
  readonly #turns = new Turns();

  constructor(parent: Row, task: Task, status: Status | undefined, frames: readonly Frame[]) {
    super(`task:${task.pathspec}`, parent, { kind: "task", pathspec: task.pathspec });
    this.#task = task;
    this.#status = status;
    this.#frames = frames;
  }

  get status(): Status | undefined {
    return this.#status;
  }

  override get folding(): Folding {
    return "closed";
  }

  override get ticks(): boolean {
    return this.#status?.state === "running";
  }

  override look({ now }: Surroundings): Look {
    const place = foreachText(this.#frames);
    const label = place === "" ? t("task {0}", this.#task.id) : place;
    const state = taskState(this.#status);
    const description = taskText(this.#status, now);
    return {
      label,
      description,
      icon: iconOf(state),
      contextValue: contextValueOf(this.kind, flagsOf(this.#status)),
      spoken: joined(
        [label, place === "" ? undefined : t("task {0}", this.#task.id), stateText(state), description],
        ", ",
      ),
    };
  }

  override async load(io: IoOptions): Promise<readonly Row[]> {
    return loadTaskWithAttempts(this, this.#task, this.#status, io);
  }

  override async update(io: IoOptions): Promise<void> {
    const take = this.#turns.begin();
    const status = await this.#task.status(io);
    if (take()) this.#status = status;
    if (this.#frames.length === 0) this.#frames = await this.#task.foreachStack(io);
  }

  override adopt(newer: Row): boolean {
    if (!(newer instanceof TaskRow)) return false;
    const settled = this.#status?.settled === true;
    this.#status = newer.#status ?? this.#status;
    if (newer.#frames.length > 0) this.#frames = newer.#frames;
    return !settled;
  }

  override async tooltip(io: IoOptions, surroundings: Surroundings): Promise<string> {
    const { taskTooltip } = await import("../tooltips.ts");
    return taskTooltip(this.#task, this.#task.startedAt, this.#status, io, surroundings);
  }
}

/** One of several attempts of a task. */
class AttemptRow extends Row {
  readonly kind = "attempt";
  #attempt: TaskAttempt;

  constructor(parent: Row, attempt: TaskAttempt) {
    super(`attempt:${parent.id}/${attempt.attempt}`, parent, {
      kind: "task",
      pathspec: attempt.task.pathspec,
      attempt: attempt.attempt,
    });
    this.#attempt = attempt;
  }

  override get folding(): Folding {
    return "closed";
  }

  override look({ now }: Surroundings): Look {
    const { status, attempt } = this.#attempt;
    const state = taskState(status);
    const label = t("Attempt {0}", attempt);
    const description = taskText(status, now);
    return {
      label,
      description,
      icon: iconOf(state),
      contextValue: contextValueOf(this.kind, flagsOf(status)),
      spoken: joined([label, stateText(state), description], ", "),
    };
  }

  override async load(io: IoOptions): Promise<readonly Row[]> {
    return loadTask(this, this.#attempt.task, isLive(this.#attempt.status), io);
  }

  override adopt(newer: Row): boolean {
    if (!(newer instanceof AttemptRow)) return false;
    const settled = this.#attempt.status.settled;
    this.#attempt = newer.#attempt;
    return !settled;
  }

  override async tooltip(io: IoOptions, surroundings: Surroundings): Promise<string> {
    const { taskTooltip } = await import("../tooltips.ts");
    const { task, startedAt, status } = this.#attempt;
    return taskTooltip(task, startedAt, status, io, surroundings);
  }
}

/** What a task holds, with its attempts where there are several. */
export async function loadTaskWithAttempts(
  row: Row,
  task: Task,
  status: Status | undefined,
  io: IoOptions,
): Promise<readonly Row[]> {
  const [rows, attempts] = await Promise.all([loadTask(row, task, isLive(status), io), task.attempts(io)]);
  if (attempts.length < 2) return rows;
  const folder = new FolderRow(row, {
    kind: "attempts",
    label: t("Attempts"),
    description: String(attempts.length),
    icon: { id: "history" },
    load: async (self) => Promise.resolve(attempts.map((attempt) => new AttemptRow(self, attempt))),
  });
  return [...rows, folder];
}

function isLive(status: Status | undefined): boolean {
  return status?.state === "running" || status?.state === "pending";
}

function flagsOf(status: Status | undefined): readonly ("live" | "failed")[] {
  return isLive(status) ? ["live"] : status?.state === "failed" ? ["failed"] : [];
}
