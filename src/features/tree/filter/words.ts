import { mapLimited } from "../../../base/async.ts";
import type { IoOptions } from "../../../base/io.ts";
import type { Metaflow, Run } from "../../../client/index.ts";
import { t } from "../../text.ts";
import { oneLine } from "../format.ts";
import { FILTER_STATES } from "./filter.ts";
import { parametersOf, parametersTask, parameterValue } from "./parameters.ts";
import type { Word } from "./proposals.ts";
import { quoteIfNeeded, tagText } from "./syntax.ts";

const AT_ONCE = 4;
/** Longer values are no completion. */
const MOST_CHARACTERS = 40;

/** Words of the filter that are known without reading: states, times, and the tags and users of what was listed. */
export function wordsSeen(metaflow: Metaflow | undefined): readonly Word[] {
  const states = FILTER_STATES.map((state) => ({ text: `status:${state}`, what: "" }));
  const times = [
    { text: "since:today", what: t("started today") },
    { text: "since:24h", what: t("started in the last 24 hours") },
    { text: "since:7d", what: t("started in the last 7 days") },
    { text: "until:yesterday", what: t("started yesterday or earlier") },
  ];
  const seen = metaflow?.tagsSeen();
  if (seen === undefined) return [...states, ...times];
  const users = seen.users.map((user) => ({ text: `user:${quoteIfNeeded(user)}`, what: "" }));
  const tags = seen.tags.filter((tag) => !tag.startsWith("user:"));
  // People's own tags come before Metaflow's, which have a prefix.
  const [prefixed, plain] = [tags.filter(isPrefixed), tags.filter((tag) => !isPrefixed(tag))];
  const tagWords = [...plain, ...prefixed].map((tag) => ({ text: tagText(tag), what: "" }));
  return [...states, ...users, ...tagWords, ...times];
}

/** The parameters of some runs, as conditions to begin with. Reads the runs' parameters. */
export async function parameterWords(runs: readonly Run[], io: IoOptions): Promise<readonly Word[]> {
  const found = await mapLimited(runs, AT_ONCE, async (run) => {
    // One whose parameters cannot be read has none to offer.
    return wordsOfRun(run, io).catch(() => []);
  });
  io.signal?.throwIfAborted();
  return [...new Map(found.flat().map((word) => [word.text, word])).values()];
}

function isPrefixed(tag: string): boolean {
  return /^[a-z_]+:/.test(tag);
}

async function wordsOfRun(run: Run, io: IoOptions): Promise<readonly Word[]> {
  const artifacts = await parametersOf(await parametersTask(run, io), io);
  const [flow = ""] = run.pathComponents;
  const words = await mapLimited([...artifacts], AT_ONCE, async ([name, artifact]) => {
    const value = String(await parameterValue(artifact, io));
    const isShort = value !== "" && oneLine(value, MOST_CHARACTERS) === value;
    return { text: `${name}=${isShort ? quoteIfNeeded(value) : ""}`, what: t("parameter of {0}", flow) };
  });
  return words.sort((a, b) => (a.text < b.text ? -1 : 1));
}
