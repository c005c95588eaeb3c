import type { FilterProblem } from "../../../protocol/arrange.ts";
import type { ArtifactWord } from "../../../protocol/artifactWords.ts";
import { say } from "../say.ts";

const WORDS: Readonly<Record<FilterProblem["code"], ArtifactWord>> = {
  "value-expected": "filterValueExpected",
  "list-expected": "filterListExpected",
  "and-expected": "filterAndExpected",
  "closing-expected": "filterClosingExpected",
  "kind-expected": "filterKindExpected",
  unexpected: "filterUnexpected",
  "open-quote": "filterOpenQuote",
  "too-long": "filterTooLong",
  "too-deep": "filterTooDeep",
  "unknown-column": "filterUnknownColumn",
  "number-expected": "filterNumberExpected",
  "time-expected": "filterTimeExpected",
  "bad-pattern": "filterBadPattern",
  "slow-pattern": "filterSlowPattern",
};

/** What is wrong with a filter, as a sentence. */
export function filterWords({ code, about }: FilterProblem): string {
  return say(code === "value-expected" && about === "" ? "filterValueFirst" : WORDS[code], about);
}
