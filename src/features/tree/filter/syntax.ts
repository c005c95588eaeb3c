import { t } from "../../text.ts";
import { parseCondition, type Condition } from "./condition.ts";
import { FILTER_STATES, stateNamed, type FilterState, type RunFilter } from "./filter.ts";
import { momentOf } from "./moment.ts";

/** Prefixes that mean something to the filter; any other is part of a tag. */
const KEYS = ["user", "tag", "status", "state", "since", "until"] as const;
type Key = (typeof KEYS)[number];

interface Token {
  readonly text: string;
  /** What begins with a quote is a word, whatever is in it. */
  readonly quoted: boolean;
}

interface Draft {
  readonly users: string[];
  readonly states: FilterState[];
  readonly tags: string[];
  readonly conditions: Condition[];
  readonly words: string[];
  since?: string;
  until?: string;
}

/**
 * Reads `user:alice status:failed tag:nightly since:2d lr>0.1 text`. What has another prefix, as in `project:demo`, is a tag by that whole
 * name, since that is how Metaflow writes its own. What cannot be meant is told by `problem`.
 */
export function parseFilter(text: string): { readonly filter: RunFilter; readonly problem?: string } {
  const draft: Draft = { users: [], states: [], tags: [], conditions: [], words: [] };
  let problem: string | undefined;
  for (const token of tokensOf(text)) problem = take(token, draft) ?? problem;
  return { filter: draft, ...(problem === undefined ? {} : { problem }) };
}

/** The filter as it would be typed. */
export function filterText({ users, states, tags, conditions, words, since, until }: RunFilter): string {
  return [
    ...users.map((user) => `user:${quoteIfNeeded(user)}`),
    ...states.map((state) => `status:${state}`),
    ...tags.map(tagText),
    ...conditions.map(({ name, operator, operand }) => `${name}${operator}${quoteIfNeeded(operand)}`),
    ...(since === undefined ? [] : [`since:${quoteIfNeeded(since)}`]),
    ...(until === undefined ? [] : [`until:${quoteIfNeeded(until)}`]),
    ...words.map((word) => (isPlain(word) ? quoteIfNeeded(word) : quote(word))),
  ].join(" ");
}

/** A value as it is typed: what has spaces stands in quotes. */
export function quoteIfNeeded(text: string): string {
  return /[\s"\\]/.test(text) ? quote(text) : text;
}

/** A tag as it is typed: Metaflow's own by their name alone. */
export function tagText(tag: string): string {
  const key = /^([a-z_]+):./.exec(tag)?.[1];
  const bare = key !== undefined && !isKey(key) && quoteIfNeeded(tag) === tag;
  return bare ? tag : `tag:${quoteIfNeeded(tag)}`;
}

/** Puts one token where it belongs; gives what is wrong with it. */
function take({ text, quoted }: Token, draft: Draft): string | undefined {
  const condition = quoted ? undefined : parseCondition(text);
  if (condition !== undefined) {
    if (condition.operand === "") return t("There is nothing after '{0}'.", text);
    draft.conditions.push(condition);
    return undefined;
  }
  const key = quoted ? undefined : /^([a-z_]+):/i.exec(text)?.[1];
  if (key === undefined) {
    draft.words.push(text);
    return undefined;
  }
  const value = text.slice(key.length + 1);
  if (value === "") return t("There is nothing after '{0}'.", text);
  const lower = key.toLowerCase();
  if (isKey(lower)) return takeValue(lower, value, draft);
  draft.tags.push(text);
  return undefined;
}

function takeValue(key: Key, value: string, draft: Draft): string | undefined {
  switch (key) {
    case "user":
      draft.users.push(value);
      return undefined;
    case "tag":
      draft.tags.push(value);
      return undefined;
    case "status":
    case "state": {
      const names = value.split(",");
      draft.states.push(...names.flatMap((name) => stateNamed(name) ?? []));
      const unknown = names.find((name) => stateNamed(name) === undefined);
      return unknown === undefined
        ? undefined
        : t("'{0}' is no status. It can be {1}.", unknown, FILTER_STATES.join(", "));
    }
    case "since":
    case "until":
      if (momentOf(value, "start", new Date()) === undefined)
        return t("'{0}' is no time. It can be 2026-11-23, today, yesterday, 6h, 3d or 2w.", value);
      draft[key] = value;
      return undefined;
  }
}

/** Whether a word means nothing else without quotes. */
function isPlain(word: string): boolean {
  return parseCondition(word) === undefined && !/^[a-z_]+:/i.test(word);
}

function isKey(text: string): text is Key {
  return KEYS.some((key) => key === text);
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** Words between spaces; quotes keep spaces together, wherever they stand in a word, and end with the text at the latest. */
function tokensOf(text: string): readonly Token[] {
  const tokens = text.match(/(?:"(?:\\.|[^"\\])*(?:"|\\?$)|[^\s"])+/gs) ?? [];
  return tokens
    .map((token) => ({ text: unquoted(token), quoted: token.startsWith('"') }))
    .filter((token) => token.text !== "");
}

function unquoted(token: string): string {
  return token.replaceAll(/"((?:\\.|[^"\\])*)(?:"|\\?$)/gs, (_whole, inside: string) =>
    inside.replaceAll(/\\(.)/gs, "$1"),
  );
}
