import type { PathComponents } from "../pathspec.ts";

/** What the name of a card's file tells: `<type>[-<id>]-<hash>.html`. */
export interface CardName {
  /** `default`, `blank`, or a card of one's own. */
  readonly type: string;
  /** Given by `@card(id=...)`; `undefined` for a card without one. */
  readonly id: string | undefined;
  /** The card's own, random since Metaflow 2.10.9; before, of its HTML. */
  readonly hash: string;
}

/** A card of a task in a datastore. */
export interface CardFile extends CardName {
  /** Where its HTML is. */
  readonly key: string;
  /** Where its runtime data are, if it has any (Metaflow >= 2.10.9). */
  readonly dataKey: string;
}

const HTML = ".html";

/** Reads a file's name; `undefined` for what is no card, such as a file that is being written. */
export function parseCardName(file: string): CardName | undefined {
  if (!file.endsWith(HTML)) return undefined;
  const parts = file.slice(0, -HTML.length).split("-");
  const [type = ""] = parts;
  const hash = parts.at(-1) ?? "";
  if (parts.length < 2 || parts.length > 3 || type === "" || hash === "") return undefined;
  return { type, id: parts.length === 3 ? parts[1] : undefined, hash };
}

/** Where a task's cards may be, below the root of all cards: since Metaflow 2.7.10, and before. */
export function cardFolders(task: PathComponents): readonly [string, string] {
  const [flow = "", run = "", , id = ""] = task;
  return [`${taskFolder(task)}/cards`, `${flow}/runs/${run}/tasks/${id}/cards`];
}

/** Where a card's runtime data are, below the root of all cards. */
export function cardDataKey(task: PathComponents, { type, id, hash }: CardName): string {
  const name = [type, ...(id === undefined ? [] : [id]), hash].join("-");
  return `${taskFolder(task)}/runtime/${name}.data.json`;
}

function taskFolder([flow = "", run = "", step = "", task = ""]: PathComponents): string {
  return `${flow}/runs/${run}/steps/${step}/tasks/${task}`;
}
