import { t } from "../../text.ts";
import { parseFilter } from "./syntax.ts";

/** Words that complete the one that is being typed, at most so many. */
const MOST_PROPOSALS = 50;

/** What stands before the word that is being typed; a space within quotes ends no word. */
const BEFORE = /^(?:(?:"(?:\\.|[^"\\])*"|[^\s"])*\s)*/s;

/** A word that a filter can be completed with. */
export interface Word {
  readonly text: string;
  /** What it is about, in a few words. */
  readonly what: string;
}

/** A row of the picker. */
export interface Proposal {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** The whole filter with this word in it; `undefined`: the filter as it was typed. */
  readonly whole: string | undefined;
}

/** What to offer for what is typed: the filter itself, and words that complete its last one. */
export function proposalsFor(typed: string, words: readonly Word[]): readonly Proposal[] {
  const before = BEFORE.exec(typed)?.[0] ?? "";
  const last = typed.slice(before.length).toLowerCase();
  const { problem } = parseFilter(typed);
  const asTyped: Proposal = { ...lookOf(typed.trim(), problem), whole: undefined };
  const matching = words.filter(
    ({ text }) => text.toLowerCase().includes(last) && text.toLowerCase() !== last,
  );
  const completions = matching.slice(0, MOST_PROPOSALS).map(({ text, what }): Proposal => {
    // After an operator comes the value, after a whole word the next one.
    return { label: text, description: what, whole: `${before}${text}${text.endsWith("=") ? "" : " "}` };
  });
  // What cannot be taken as it is needs completing first.
  return problem === undefined ? [asTyped, ...completions] : [...completions, asTyped];
}

/** How the filter as it was typed is shown. */
function lookOf(typed: string, problem: string | undefined): Omit<Proposal, "whole"> {
  // VS Code sorts rows whose label holds what was typed to the top: a problem must not, so that Enter takes a completion.
  if (problem !== undefined)
    return { label: t("$(warning) This filter cannot be used yet"), detail: problem };
  if (typed === "") return { label: t("$(clear-all) Show all runs") };
  return { label: `$(filter) ${typed}`, description: t("Enter shows these runs") };
}
