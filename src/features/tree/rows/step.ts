import type { IoOptions } from "../../../base/io.ts";
import { Turns } from "../../../base/turns.ts";
import type { Status, Step, StepStatus } from "../../../client/index.ts";
import { contextValueOf, type RowFlag } from "../../contextKeys.ts";
import type { Target } from "../../targets.ts";
import { t } from "../../text.ts";
import { loadTasks } from "../load/tasks.ts";
import { Row, joined, type Folding, type Look, type Surroundings } from "../row.ts";
import type { Source } from "../source.ts";
import { iconOf, stateText, type RowState } from "../state.ts";
import type { Place } from "../steps.ts";
import { stepText, taskCount, taskState } from "../taskText.ts";

/** A step of a run; one with a single task opens straight into what that task holds. */
export class StepRow extends Row {
  readonly kind = "step";
  readonly source: Source;
  readonly name: string;
  #step: Step | undefined;
  #place: Place;
  #status: StepStatus | undefined;
  readonly #turns = new Turns();

  /** @param step `undefined` for a step that the run has not reached */
  constructor(parent: Row, run: string, name: string, step: Step | undefined, place: Place, source: Source) {
    super(`step:${run}/${name}`, parent, { kind: "step", pathspec: `${run}/${name}` });
    this.name = name;
    this.source = source;
    this.#step = step;
    this.#place = place;
  }

  get status(): Status | undefined {
    return this.#status;
  }

  /** Whether the run has reached it. */
  get started(): boolean {
    return this.#step !== undefined;
  }

  /** Whether it stands for its only task, too. */
  get single(): boolean {
    return (
      this.#status !== undefined && Math.max(taskCount(this.#status.counts), this.#status.expected ?? 0) === 1
    );
  }

  override get folding(): Folding {
    return this.started ? "closed" : "leaf";
  }

  override get known(): boolean {
    return this.#step === undefined || this.#status !== undefined || this.problem !== undefined;
  }

  override get ticks(): boolean {
    return this.#status?.state === "running";
  }

  override look(surroundings: Surroundings): Look {
    const state = this.#state;
    const status = this.#status;
    const description =
      this.#place !== "started"
        ? placeText(this.#place)
        : status === undefined
          ? ""
          : stepText({ status, counts: status.counts, expected: status.expected }, surroundings);
    const spokenState = this.#place === "started" ? stateText(state) : undefined;
    return {
      label: this.name,
      description,
      icon: iconOf(state),
      contextValue: contextValueOf(this.kind, this.#flags),
      spoken: joined([this.name, t("step"), spokenState, description], ", "),
      dim: this.#place !== "started",
    };
  }

  override async load(io: IoOptions): Promise<readonly Row[]> {
    if (this.#step === undefined) return [];
    // How many tasks there will be decides what is shown.
    if (this.#status === undefined) await this.update(io);
    return loadTasks(this, this.#step, this.single, io);
  }

  override async update(io: IoOptions): Promise<void> {
    const take = this.#turns.begin();
    const status = await this.#step?.status(io);
    if (take()) this.#status = status;
  }

  override adopt(newer: Row): boolean {
    if (!(newer instanceof StepRow)) return false;
    const settled = this.#status?.settled === true;
    this.#step = newer.#step;
    this.#place = newer.#place;
    this.#status = newer.#status ?? this.#status;
    return !settled;
  }

  /** A step that stands for its task is also that task's row. */
  override shows(target: Target): boolean {
    if (super.shows(target)) return true;
    const isTaskHere =
      target.kind === "task" && target.pathspec.startsWith(`${this.target?.pathspec ?? ""}/`);
    return isTaskHere && target.attempt === undefined && this.single;
  }

  override async tooltip(io: IoOptions, surroundings: Surroundings): Promise<string | undefined> {
    if (this.#step === undefined) return undefined;
    const { stepTooltip } = await import("../tooltips.ts");
    return stepTooltip(this.#step, this.#status, io, surroundings);
  }

  get #state(): RowState {
    switch (this.#place) {
      case "started":
        return taskState(this.#status);
      case "skipped":
        return "skipped";
      case "pending":
      case "unreached":
        return "pending";
    }
  }

  get #flags(): readonly RowFlag[] {
    if (this.#place !== "started") return ["empty"];
    const state = this.#status?.state;
    return [
      ...(state === "running" || state === "pending" ? (["live"] as const) : []),
      ...(state === "failed" ? (["failed"] as const) : []),
      ...(this.single ? (["single"] as const) : []),
    ];
  }
}

function placeText(place: Exclude<Place, "started">): string {
  switch (place) {
    case "pending":
      return t("pending");
    case "skipped":
      return t("skipped");
    case "unreached":
      return t("not reached");
  }
}
