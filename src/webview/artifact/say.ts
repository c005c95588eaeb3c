import type { ArtifactWord, ArtifactWords } from "../../protocol/artifactWords.ts";
import { ARTIFACT_WORDS } from "../../protocol/artifactWords.ts";
import { formatCount } from "../kit/format.ts";
import { headData } from "../kit/page.ts";
import { fill } from "../kit/words.ts";

// The host's own data, in the page that the host wrote.
const words: ArtifactWords = {
  ...ARTIFACT_WORDS,
  ...(headData("metaflow-words") as Partial<ArtifactWords> | undefined),
};

/** A text of the view in the person's language. */
export function say(word: ArtifactWord, ...values: readonly (string | number)[]): string {
  return fill(words[word], ...values);
}

/** A count and what is counted: `1 item`, `1,204 items`. */
export function sayCount(one: ArtifactWord, many: ArtifactWord, count: number): string {
  return count === 1 ? say(one) : say(many, formatCount(count));
}
