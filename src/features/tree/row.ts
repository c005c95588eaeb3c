import { asError } from "../../base/async.ts";
import type { IoOptions } from "../../base/io.ts";
import type { RowKind } from "../contextKeys.ts";
import type { RunLabelStyle } from "../settings.ts";
import { whyAway } from "../outOfReach.ts";
import type { Target } from "../targets.ts";
import { problemText } from "./problemText.ts";
import type { Icon } from "./state.ts";

/** What a row looks like: decided from what it knows, without reading. */
export interface Look {
  readonly label: string;
  readonly description: string;
  readonly icon: Icon | undefined;
  readonly contextValue: string;
  /** What a screen reader says: everything that the row shows, in words. */
  readonly spoken: string;
  /** Not reached or not taken: painted in the colour of what is disabled. */
  readonly dim?: boolean;
}

/** What looks depend on beside the row itself. */
export interface Surroundings {
  readonly now: Date;
  /** The editor's language, for names of days and separators of digits. */
  readonly locale: string;
  readonly runLabel: RunLabelStyle;
}

/** Whether a row has children, and whether they are shown at first. */
export type Folding = "leaf" | "closed" | "open";

/**
 * One row of the sidebar. It knows its object and what was read of it so far; looking is pure, reading is `load` and `update`.
 * A row outlives refreshes: a newer row of the same id gives it what it knows (`adopt`).
 */
export abstract class Row {
  abstract readonly kind: RowKind;
  /** Unique in the tree and the same after a refresh, so that what is open stays open. */
  readonly id: string;
  readonly parent: Row | undefined;
  /** What commands are about when they are called on this row. */
  readonly target: Target | undefined;

  constructor(id: string, parent?: Row, target?: Target) {
    this.id = id;
    this.parent = parent;
    this.target = target;
  }

  /** Why what the look shows could not be read the last time; `undefined` when it could. */
  problem: Error | undefined;

  abstract look(surroundings: Surroundings): Look;

  get folding(): Folding {
    return "leaf";
  }

  /** Reads the children. What it throws is shown as a row in their place. */
  async load(_io: IoOptions): Promise<readonly Row[]> {
    return Promise.resolve([]);
  }

  /** Reads what the looks of the children show, once it is settled which rows stand for them. Waits no longer than a person would. */
  async learn(_children: readonly Row[], _io: IoOptions): Promise<void> {
    return Promise.resolve();
  }

  /** Whether what the look shows was read, or could not be. */
  get known(): boolean {
    return true;
  }

  /** Reads again what the look shows, where that can change. */
  async update(_io: IoOptions): Promise<void> {
    return Promise.resolve();
  }

  /** Reads again everything that the look shows, the object's own record included, as after an edit of tags. */
  async reread(io: IoOptions): Promise<void> {
    return this.update(io);
  }

  /** Takes over what a newer row of the same id knows. Tells whether the children that were read are outdated by it. */
  adopt(_newer: Row): boolean {
    return false;
  }

  /** Whether the look changes with the time alone. */
  get ticks(): boolean {
    return false;
  }

  /** Whether an object is to be looked for among the descendants. */
  leadsTo(target: Target): boolean {
    const own = this.target;
    if (own === undefined) return false;
    // A log's pathspec is its task's.
    const isItsTask = target.kind === "log" && own.kind === "task" && own.pathspec === target.pathspec;
    return isItsTask || target.pathspec.startsWith(`${own.pathspec}/`);
  }

  /** Whether this is the row of an object. */
  shows(target: Target): boolean {
    return (
      this.target?.kind === target.kind &&
      this.target.pathspec === target.pathspec &&
      (target.kind !== "log" || (this.target.kind === "log" && this.target.stream === target.stream)) &&
      (target.attempt === undefined || this.target.attempt === target.attempt)
    );
  }

  /** Markdown for the hover, read when it is asked for. */
  async tooltip(_io: IoOptions, _surroundings: Surroundings): Promise<string | undefined> {
    return Promise.resolve(undefined);
  }
}

/** What a row looks like, with what could not be read of it. */
export function lookOf(row: Row, surroundings: Surroundings): Look {
  const look = row.look(surroundings);
  // That the whole service is away is said once, above all rows; each goes on to show what it knows.
  if (row.problem === undefined || whyAway(row.problem) !== undefined) return look;
  const message = problemText(row.problem);
  return {
    ...look,
    description: joined([message, look.description]),
    icon: { id: "warning", color: "list.warningForeground" },
    spoken: joined([look.spoken, message], ", "),
  };
}

/** Reads again what a row's look shows; what that fails with is part of the look from then on. Throws only what cancelling throws. */
export async function reread(row: Row, how: "update" | "reread", io: IoOptions): Promise<void> {
  try {
    await row[how](io);
    row.problem = undefined;
  } catch (error) {
    io.signal?.throwIfAborted();
    row.problem = asError(error);
  }
}

/** A row that shows its children page by page. */
export interface Paged {
  /** Reads the next page and gives all children shown from then on. */
  loadMore(io: IoOptions): Promise<readonly Row[]>;
}

export function isPaged(row: Row): row is Row & Paged {
  return "loadMore" in row;
}

/** Joins the parts of a description that there are. */
export function joined(parts: readonly (string | undefined)[], separator = " · "): string {
  return parts.filter((part) => part !== undefined && part !== "").join(separator);
}
