import { areValidComponents, KINDS, type Kind } from "../client/pathspec.ts";
import { t } from "./text.ts";
import type { LogStream, Target } from "./targets.ts";

/** One child of an object, as a picker shows it. */
export interface Choice {
  /** The part that it adds to the pathspec. */
  readonly id: string;
  readonly kind: Kind | "log";
  readonly description?: string | undefined;
  /** What typing finds beside id and description: tags, values. */
  readonly search?: string | undefined;
  readonly attempt?: number | undefined;
}

/** The children of an object that are known so far. */
export interface Listing {
  readonly choices: readonly Choice[];
  /** Whether there are more that were not read yet. */
  readonly more: boolean;
  /** Children that could not be read, in a sentence each. */
  readonly problems: readonly string[];
}

/** A row of the picker. */
export type Row =
  | { readonly kind: "take"; readonly target: Target }
  | { readonly kind: "child"; readonly choice: Choice; readonly target: Target; readonly opens: boolean }
  | { readonly kind: "typed"; readonly target: Target }
  | { readonly kind: "more" }
  | { readonly kind: "problem"; readonly message: string };

/** The object whose children are to be completed, and what is typed of the child. */
export interface Place {
  /** Pathspec, empty for the flows. */
  readonly parent: string;
  readonly typed: string;
}

/** How the pathspecs of each kind are made, from the outside in. */
const FORMS = {
  flow: "Flow",
  run: "Flow/run",
  step: "Flow/run/step",
  task: "Flow/run/step/task",
  log: "Flow/run/step/task/log",
  artifact: "Flow/run/step/task/artifact",
} as const satisfies Record<Target["kind"], string>;

/** How the longest of the pathspecs that are asked for is made. */
export function formOf(wanted: readonly Target["kind"][]): string {
  return Object.entries(FORMS).findLast(([kind]) => wanted.some((each) => each === kind))?.[1] ?? "";
}

/** Cuts what is in the input box at the last `/`. */
export function placeOf(value: string): Place {
  const text = value.trimStart();
  const cut = text.lastIndexOf("/");
  return cut < 0 ? { parent: "", typed: text } : { parent: text.slice(0, cut), typed: text.slice(cut + 1) };
}

/** The kinds of the children of the object at a pathspec; empty for what has none. */
export function childKinds(parent: string): readonly (Kind | "log")[] {
  const depth = parent === "" ? 0 : parent.split("/").length;
  const kind = KINDS[depth];
  if (kind === undefined) return [];
  return kind === "artifact" ? ["log", "artifact"] : [kind];
}

/** Whether a picker that wants these kinds has to look below an object of a kind. */
export function leadsOn(kind: Target["kind"], wanted: readonly Target["kind"][]): boolean {
  if (kind === "log" || kind === "artifact") return false;
  const below = KINDS.slice(KINDS.indexOf(kind) + 1);
  return below.some((each) => wanted.includes(each)) || wanted.includes("log");
}

/** The rows for what is typed: the place itself where it is wanted, the children that match, what was typed where that may be another. */
export function rowsOf(place: Place, listing: Listing, wanted: readonly Target["kind"][]): readonly Row[] {
  const typed = place.typed.trim().toLowerCase();
  const kinds = childKinds(place.parent);
  const self = targetAt(place.parent);
  const rows: Row[] =
    self !== undefined && wanted.includes(self.kind) && typed === "" ? [{ kind: "take", target: self }] : [];
  const matching = listing.choices.filter(
    (choice) => (wanted.includes(choice.kind) || leadsOn(choice.kind, wanted)) && matches(choice, typed),
  );
  for (const choice of order(matching, typed)) {
    const opens = leadsOn(choice.kind, wanted);
    rows.push({ kind: "child", choice, target: targetOfChoice(place.parent, choice), opens });
  }
  if (listing.more) rows.push({ kind: "more" });
  const exact = listing.choices.some((choice) => choice.id.toLowerCase() === typed);
  const own = kinds.find((kind) => kind !== "log");
  if (typed !== "" && !exact && own !== undefined && (listing.more || matching.length === 0)) {
    const pathspec = place.parent === "" ? place.typed.trim() : `${place.parent}/${place.typed.trim()}`;
    const isOne = areValidComponents(pathspec.split("/"));
    if (isOne && (wanted.includes(own) || leadsOn(own, wanted)))
      rows.push({ kind: "typed", target: { kind: own, pathspec } });
  }
  for (const message of listing.problems) rows.push({ kind: "problem", message });
  if (rows.length === 0 && typed === "") rows.push({ kind: "problem", message: nothingBelow(place.parent) });
  return rows;
}

/** The target of an object at a pathspec. */
export function targetAt(pathspec: string): Target | undefined {
  const kind = pathspec === "" ? undefined : KINDS[pathspec.split("/").length - 1];
  return kind === undefined ? undefined : { kind, pathspec };
}

function targetOfChoice(parent: string, choice: Choice): Target {
  const attempt = choice.attempt === undefined ? {} : { attempt: choice.attempt };
  if (choice.kind === "log") {
    return { kind: "log", pathspec: parent, stream: choice.id as LogStream, ...attempt };
  }
  return { kind: choice.kind, pathspec: parent === "" ? choice.id : `${parent}/${choice.id}`, ...attempt };
}

function matches(choice: Choice, typed: string): boolean {
  if (typed === "") return true;
  return [choice.id, choice.description, choice.search].some((text) => text?.toLowerCase().includes(typed));
}

// What begins like the text comes first; otherwise the order of the listing, newest first, stays.
function order(choices: readonly Choice[], typed: string): readonly Choice[] {
  if (typed === "") return choices;
  const begins = (choice: Choice): boolean => choice.id.toLowerCase().startsWith(typed);
  return [...choices.filter(begins), ...choices.filter((choice) => !begins(choice))];
}

function nothingBelow(parent: string): string {
  return parent === ""
    ? t("There are no flows in this namespace.")
    : t("{0} has nothing to choose from.", parent);
}
