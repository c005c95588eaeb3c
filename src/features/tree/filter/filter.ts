import type { Condition } from "./condition.ts";

const STATES = ["pending", "running", "completed", "failed", "stale", "unknown"] as const;

/** A state that runs can be filtered by. */
export type FilterState = (typeof STATES)[number];

/** All states a filter can name, in the order in which they are offered. */
export const FILTER_STATES: readonly FilterState[] = [
  "running",
  "failed",
  "completed",
  "stale",
  "pending",
  "unknown",
];

/** What people write for a state beside its name. */
const STATE_NAMES: Readonly<Record<string, FilterState>> = {
  ok: "completed",
  success: "completed",
  successful: "completed",
  done: "completed",
  finished: "completed",
  error: "failed",
  failure: "failed",
  active: "running",
  killed: "stale",
};

/** The state that a word names, in any case. */
export function stateNamed(name: string): FilterState | undefined {
  const lower = name.toLowerCase();
  return STATES.find((state) => state === lower) ?? STATE_NAMES[lower];
}

/** Which runs to show: a run must have one of the users, one of the states, all the tags and words, and meet all the conditions. */
export interface RunFilter {
  readonly users: readonly string[];
  readonly states: readonly FilterState[];
  readonly tags: readonly string[];
  /** Of the run's parameters, which cost reading. */
  readonly conditions: readonly Condition[];
  /** Words that each must occur in the flow's name, the id, a tag or the user, in any case. */
  readonly words: readonly string[];
  /** Started then or later, as it was typed: `3d` moves with the time. See `momentOf`. */
  readonly since?: string | undefined;
  /** Started then or earlier. */
  readonly until?: string | undefined;
}

export const NO_FILTER: RunFilter = { users: [], states: [], tags: [], conditions: [], words: [] };

/** Whether a filter lets everything through. */
export function isEmptyFilter({ users, states, tags, conditions, words, since, until }: RunFilter): boolean {
  const lists = [users, states, tags, conditions, words];
  return since === undefined && until === undefined && lists.every(({ length }) => length === 0);
}

/** What of a run a filter looks at without reading anything. */
export interface RunFacts {
  readonly flow: string;
  readonly id: string;
  readonly tags: ReadonlySet<string>;
}

/** Whether a run satisfies what its record tells: everything but time, state and parameters. */
export function matchesRecord(filter: RunFilter, run: RunFacts): boolean {
  return (
    (filter.users.length === 0 || filter.users.some((user) => run.tags.has(`user:${user}`))) &&
    filter.tags.every((tag) => run.tags.has(tag)) &&
    filter.words.every((word) => hasWord(run, word.toLowerCase()))
  );
}

function hasWord(run: RunFacts, word: string): boolean {
  if (run.flow.toLowerCase().includes(word) || run.id.toLowerCase().includes(word)) return true;
  for (const tag of run.tags) if (tag.toLowerCase().includes(word)) return true;
  return false;
}
