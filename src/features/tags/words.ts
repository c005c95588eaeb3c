import { MAX_TAG_LENGTH, MAX_USER_TAGS } from "../../client/tags.ts";
import { errorText } from "../errorText.ts";
import { t } from "../text.ts";
import type { Outcome, RunEdit } from "./apply.ts";
import type { TagChange, TagProblem } from "./plan.ts";

const NAMED_TAGS = 3;
const NAMED_FAILURES = 3;
const SHOWN_LENGTH = 40;

/** What is said after an edit. */
export interface Account {
  readonly message: string;
  /** Whether some run is not as it was wanted. */
  readonly severity: "information" | "warning" | "error";
  /** Set where removing tags first would help. */
  readonly full: boolean;
}

/** One sentence about what was done, one for each of the first runs where it was not, with its cause. */
export function accountOf(edits: readonly RunEdit[], outcomes: readonly Outcome[]): Account {
  const written = outcomes.filter((outcome) => outcome.kind === "written");
  const refused = outcomes.filter((outcome) => outcome.kind === "refused");
  const failed = outcomes.filter((outcome) => outcome.kind === "failed");
  const bad = [...refused, ...failed];
  const wanted = edits[0]?.change ?? { add: [], remove: [] };
  const full = refused.some((outcome) => outcome.problem.kind === "too-many");
  const [only] = bad;

  if (written.length === 0 && only === undefined) {
    return { message: nothingToDo(wanted, subject(outcomes)), severity: "information", full };
  }
  if (written.length === 0 && bad.length === 1 && only !== undefined) {
    const message = t("Could not {0}: {1}.", verb(wanted, only.pathspec), causeOf(only));
    return { message, severity: "error", full };
  }
  const causes = bad.slice(0, NAMED_FAILURES).map((each) => `${each.pathspec}: ${causeOf(each)}`);
  if (bad.length > causes.length) causes.push(t("and {0} more", bad.length - causes.length));
  if (written.length === 0) {
    const what = verb(wanted, t("any of {0} runs", outcomes.length));
    return { message: t("Could not {0}. {1}.", what, causes.join("; ")), severity: "error", full };
  }
  const made = sameChange(written.map((outcome) => outcome.change)) ?? wanted;
  const done = t(
    "{0}.",
    past(
      made,
      bad.length === 0
        ? subject(written)
        : t("{0} of {1} runs", outcomes.length - bad.length, outcomes.length),
    ),
  );
  return bad.length === 0
    ? { message: done, severity: "information", full }
    : { message: t("{0} Not for {1}.", done, causes.join("; ")), severity: "warning", full };
}

/** The cause of a refusal, as the end of a sentence. */
export function wordsOf(problem: TagProblem): string {
  switch (problem.kind) {
    case "empty":
      return t("a tag needs at least one character");
    case "unencodable":
      return t("the tag holds half a character, which cannot be written as UTF-8");
    case "too-long":
      return t(
        "the tag {0} has {1} characters, Metaflow's limit is {2}",
        quoted(problem.tag),
        problem.length,
        MAX_TAG_LENGTH,
      );
    case "system":
      return t("{0} is a system tag, which Metaflow set and nobody can remove", quoted(problem.tag));
    case "too-many":
      return problem.has >= MAX_USER_TAGS
        ? t("the run already has {0} tags, Metaflow's limit is {1}", problem.has, MAX_USER_TAGS)
        : t(
            "the run has {0} tags and would have {1}, Metaflow's limit is {2}",
            problem.has,
            problem.would,
            MAX_USER_TAGS,
          );
  }
}

/** Tags as a person reads them: `'a', 'b'`, or their number when there are many. */
export function listed(tags: readonly string[]): string {
  return tags.length > NAMED_TAGS ? t("{0} tags", tags.length) : tags.map(quoted).join(", ");
}

/** What an edit would do, for a question: `add 'nightly' to 3 runs`. */
export function verb(change: TagChange, to: string): string {
  const { add, remove } = change;
  if (remove.length === 0) return t("add {0} to {1}", listed(add), to);
  if (add.length === 0) return t("remove {0} from {1}", listed(remove), to);
  return t("replace {0} by {1} on {2}", listed(remove), listed(add), to);
}

/** `TrainFlow/17`, or `3 runs`. */
export function subject(runs: readonly { readonly pathspec: string }[]): string {
  const [first] = runs;
  return runs.length === 1 && first !== undefined ? first.pathspec : t("{0} runs", runs.length);
}

function past({ add, remove }: TagChange, on: string): string {
  if (remove.length === 0) return t("Added {0} to {1}", listed(add), on);
  if (add.length === 0) return t("Removed {0} from {1}", listed(remove), on);
  return t("Replaced {0} by {1} on {2}", listed(remove), listed(add), on);
}

function nothingToDo({ add, remove }: TagChange, who: string): string {
  if (remove.length === 0) return t("Nothing to add: {0} had {1} already.", who, listed(add));
  if (add.length === 0) return t("Nothing to remove: {0} did not have {1}.", who, listed(remove));
  return t("Nothing to replace: {0} had {1} already and not {2}.", who, listed(add), listed(remove));
}

function causeOf(outcome: Outcome): string {
  if (outcome.kind === "refused") return wordsOf(outcome.problem);
  if (outcome.kind !== "failed") return "";
  const isStopped = outcome.error instanceof Error && outcome.error.name === "AbortError";
  return isStopped ? t("stopped before it was done") : errorText(outcome.error).replace(/\.$/, "");
}

function sameChange(changes: readonly TagChange[]): TagChange | undefined {
  const [first] = changes;
  const key = JSON.stringify(first);
  return changes.every((change) => JSON.stringify(change) === key) ? first : undefined;
}

function quoted(tag: string): string {
  const characters = Array.from(tag);
  return `'${characters.length > SHOWN_LENGTH ? `${characters.slice(0, SHOWN_LENGTH).join("")}…` : tag}'`;
}
