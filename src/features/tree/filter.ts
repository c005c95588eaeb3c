import { t } from "../text.ts";

const STATES = ["pending", "running", "completed", "failed", "stale", "unknown"] as const;

/** A state that runs can be filtered by. */
export type FilterState = (typeof STATES)[number];

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

/** Which runs to show; a run must have one of the users, one of the states, all the tags and all the words. */
export interface RunFilter {
  readonly users: readonly string[];
  readonly states: readonly FilterState[];
  readonly tags: readonly string[];
  /** Words that each must occur in the flow's name, the id, a tag or the user, in any case. */
  readonly words: readonly string[];
}

export const NO_FILTER: RunFilter = { users: [], states: [], tags: [], words: [] };

/** Whether a filter lets everything through. */
export function isEmptyFilter(filter: RunFilter): boolean {
  return Object.values(filter).every((part: readonly string[]) => part.length === 0);
}

/**
 * Reads `user:alice status:failed tag:nightly tag:"two words" text`. What has another prefix, as in `project:demo`, is a tag by that
 * whole name, since that is how Metaflow writes its own. A status that is none is told by `problem`.
 */
export function parseFilter(text: string): { readonly filter: RunFilter; readonly problem?: string } {
  const filter = {
    users: [] as string[],
    states: [] as FilterState[],
    tags: [] as string[],
    words: [] as string[],
  };
  let problem: string | undefined;
  for (const token of tokensOf(text)) {
    const cut = token.indexOf(":");
    const key = token.slice(0, Math.max(cut, 0)).toLowerCase();
    const value = token.slice(cut + 1);
    if (cut > 0 && value === "") problem = t("There is nothing after '{0}'.", token);
    else if (key === "user") filter.users.push(value);
    else if (key === "tag") filter.tags.push(value);
    else if (key === "status" || key === "state") {
      for (const name of value.split(",")) {
        const state = stateOf(name);
        if (state === undefined) problem = t("'{0}' is no status. It can be {1}.", name, STATES.join(", "));
        else filter.states.push(state);
      }
    } else if (/^[a-z_]+$/.test(key)) filter.tags.push(token);
    else filter.words.push(token);
  }
  return { filter, ...(problem === undefined ? {} : { problem }) };
}

/** The filter as it would be typed. */
export function filterText(filter: RunFilter): string {
  return [
    ...filter.users.map((user) => `user:${quoteIfNeeded(user)}`),
    ...filter.states.map((state) => `status:${state}`),
    ...filter.tags.map((tag) => (/^[a-z_]+:/.test(tag) ? quoteIfNeeded(tag) : `tag:${quoteIfNeeded(tag)}`)),
    ...filter.words.map(quoteIfNeeded),
  ].join(" ");
}

/** All statuses a filter can name, in the order in which they are offered. */
export const FILTER_STATES: readonly FilterState[] = [
  "running",
  "failed",
  "completed",
  "stale",
  "pending",
  "unknown",
];

/** What of a run a filter looks at without reading anything. */
export interface RunFacts {
  readonly flow: string;
  readonly id: string;
  readonly tags: ReadonlySet<string>;
}

/** Whether a run satisfies everything but the states, which cost reading. */
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

function stateOf(name: string): FilterState | undefined {
  const lower = name.toLowerCase();
  return STATES.find((state) => state === lower) ?? STATE_NAMES[lower];
}

/** Words between spaces; quotes keep spaces together, wherever they stand in a word. */
function tokensOf(text: string): readonly string[] {
  const tokens = text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
  return tokens.map((token) => token.replaceAll('"', "")).filter((token) => token !== "");
}

/** A value as it is typed: what has spaces stands in quotes. */
export function quoteIfNeeded(text: string): string {
  return /\s/.test(text) ? `"${text}"` : text;
}
