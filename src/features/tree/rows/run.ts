import type { IoOptions } from "../../../base/io.ts";
import { Turns } from "../../../base/turns.ts";
import type { Run, RunStatus } from "../../../client/index.ts";
import { contextValueOf } from "../../contextKeys.ts";
import { t } from "../../text.ts";
import { Row, joined, type Folding, type Look, type Surroundings } from "../row.ts";
import { runLabel, runStateText, systemTag, tagsText, type FailureText, type Progress } from "../runText.ts";
import { settle } from "../settle.ts";
import type { Source } from "../source.ts";
import { iconOf, stateText } from "../state.ts";
import { failureOf, progressOf } from "../runFacts.ts";
import { loadSteps } from "../load/steps.ts";
import { StepRow } from "./step.ts";

/** One execution of a flow. */
export class RunRow extends Row {
  readonly kind = "run";
  readonly source: Source;
  #run: Run;
  #status: RunStatus | undefined;
  #progress: Progress | undefined;
  #failure: FailureText | undefined;
  #knowsFailure = false;
  readonly #turns = new Turns();

  constructor(parent: Row, run: Run, source: Source) {
    super(`run:${run.pathspec}`, parent, { kind: "run", pathspec: run.pathspec });
    this.source = source;
    this.#run = run;
  }

  get run(): Run {
    return this.#run;
  }

  /** `undefined` until it was read. */
  get status(): RunStatus | undefined {
    return this.#status;
  }

  /** Whether all that it shows was read and can never change. */
  get final(): boolean {
    return this.#status?.settled === true && (this.#status.state !== "failed" || this.#knowsFailure);
  }

  override get folding(): Folding {
    return "closed";
  }

  override get known(): boolean {
    return this.#status !== undefined || this.problem !== undefined;
  }

  override get ticks(): boolean {
    return this.#status?.state === "running" || this.#status?.state === "stale";
  }

  override look(surroundings: Surroundings): Look {
    const { id, startedAt, tags, userTags } = this.#run;
    const label = runLabel(id, startedAt, surroundings.runLabel, surroundings);
    const state = this.#status?.state ?? "loading";
    const what = runStateText(this.#status, this.#progress, this.#failure, surroundings.now);
    const user = systemTag(tags, "user");
    const live = state === "running" || state === "pending";
    return {
      label,
      description: joined([what, user, tagsText(userTags)]),
      icon: iconOf(state),
      contextValue: contextValueOf(this.kind, [
        ...(live ? (["live"] as const) : []),
        ...(state === "failed" ? (["failed"] as const) : []),
      ]),
      spoken: joined(
        [
          label,
          label === id ? undefined : t("run {0}", id),
          stateText(state),
          what,
          user,
          [...userTags].map((tag) => t("tag {0}", tag)).join(", "),
        ],
        ", ",
      ),
    };
  }

  override async load(io: IoOptions): Promise<readonly Row[]> {
    return loadSteps(this, io);
  }

  override async learn(children: readonly Row[], io: IoOptions): Promise<void> {
    const started = children.filter((row) => row instanceof StepRow && row.started);
    await settle(started, this.source, io);
  }

  override async update(io: IoOptions): Promise<void> {
    const take = this.#turns.begin();
    const status = await this.#run.status(io);
    const running = status.state === "running" ? await progressOf(this.#run, status, io) : undefined;
    if (!take()) return;
    this.#status = status;
    this.#progress = running;
    if (status.state === "failed") {
      if (!this.#knowsFailure) this.#learnFailure(io);
    } else {
      this.#failure = undefined;
      this.#knowsFailure = false;
    }
  }

  override async reread(io: IoOptions): Promise<void> {
    this.#run = await this.source.metaflow.run(this.#run.pathspec, io);
    await this.update(io);
  }

  override adopt(newer: Row): boolean {
    if (!(newer instanceof RunRow)) return false;
    this.#run = newer.#run;
    this.#status = newer.#status ?? this.#status;
    return false;
  }

  override async tooltip(io: IoOptions, surroundings: Surroundings): Promise<string> {
    const { runTooltip } = await import("../tooltips.ts");
    return runTooltip(this.#run, this.#status, io, surroundings);
  }

  /** Why a run failed is worth reading, but no reason for the list to wait. */
  #learnFailure(io: IoOptions): void {
    const reading = this.source.later(async () => {
      io.signal?.throwIfAborted();
      return failureOf(this.#run, io);
    });
    reading.then(
      (failure) => {
        this.#failure = failure;
        // What a run failed with may be stored later than that it failed.
        this.#knowsFailure = failure !== undefined || this.#status?.settled === true;
        if (io.signal?.aborted !== true) this.source.changed(this);
      },
      (error: unknown) => {
        if (io.signal?.aborted !== true) this.source.note(this, error);
      },
    );
  }
}
