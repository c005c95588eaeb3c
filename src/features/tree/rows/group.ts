import { mapLimited } from "../../../base/async.ts";
import type { IoOptions } from "../../../base/io.ts";
import type { TaskWithStatus } from "../../../client/index.ts";
import { contextValueOf } from "../../contextKeys.ts";
import type { Target } from "../../targets.ts";
import { t } from "../../text.ts";
import { countText } from "../format.ts";
import { Row, joined, type Folding, type Look, type Paged, type Surroundings } from "../row.ts";
import { PAGE_SIZE } from "../source.ts";
import { iconOf, stateText, type RowState } from "../state.ts";
import { MoreRow } from "./more.ts";
import { TaskRow } from "./task.ts";

/** The tasks of a large step that are in one state. */
export class GroupRow extends Row implements Paged {
  readonly kind = "group";
  readonly #state: RowState;
  #tasks: readonly TaskWithStatus[];
  #shown = PAGE_SIZE;

  constructor(parent: Row, state: RowState, tasks: readonly TaskWithStatus[]) {
    super(`group:${parent.id}#${state}`, parent);
    this.#state = state;
    this.#tasks = tasks;
  }

  override get folding(): Folding {
    return "closed";
  }

  override look({ locale }: Surroundings): Look {
    const word = stateText(this.#state);
    const count = countText(this.#tasks.length, locale);
    const label = `${word.charAt(0).toUpperCase()}${word.slice(1)} (${count})`;
    return {
      label,
      description: "",
      icon: iconOf(this.#state),
      contextValue: contextValueOf(this.kind),
      spoken: joined([label, t("tasks")], ", "),
    };
  }

  override async load(io: IoOptions): Promise<readonly Row[]> {
    const shown = this.#tasks.slice(0, this.#shown);
    const rows = await taskRows(this, shown, io);
    const rest = this.#tasks.length > shown.length;
    return rest ? [...rows, new MoreRow(this, "tasks", this.#tasks.length)] : rows;
  }

  async loadMore(io: IoOptions): Promise<readonly Row[]> {
    this.#shown += PAGE_SIZE;
    return this.load(io);
  }

  override leadsTo(target: Target): boolean {
    return this.#tasks.some(
      ({ task }) => target.pathspec === task.pathspec || target.pathspec.startsWith(`${task.pathspec}/`),
    );
  }

  override adopt(newer: Row): boolean {
    if (newer instanceof GroupRow) this.#tasks = newer.#tasks;
    return true;
  }
}

/** Rows of tasks with their place in the foreach, which is read of those that are shown alone. */
export async function taskRows(
  parent: Row,
  tasks: readonly TaskWithStatus[],
  io: IoOptions,
): Promise<readonly Row[]> {
  return mapLimited(tasks, 32, async ({ task, status }) => {
    // A task without a readable place still has its id.
    const frames = await task.foreachStack(io).catch(() => []);
    return new TaskRow(parent, task, status, frames);
  });
}
