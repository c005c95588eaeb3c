import { MAX_TAG_LENGTH, MAX_USER_TAGS } from "../../client/tags.ts";

/** What an edit takes from a run and gives to it; removal comes first. */
export interface TagChange {
  readonly remove: readonly string[];
  readonly add: readonly string[];
}

/** The tags of one run, as read just before the edit. */
export interface TaggedRun {
  readonly userTags: ReadonlySet<string>;
  readonly systemTags: ReadonlySet<string>;
}

/** Why Metaflow would refuse an edit. */
export type TagProblem =
  | { readonly kind: "empty" }
  | { readonly kind: "unencodable"; readonly tag: string }
  | { readonly kind: "too-long"; readonly tag: string; readonly length: number }
  | { readonly kind: "system"; readonly tag: string }
  | { readonly kind: "too-many"; readonly has: number; readonly would: number };

/** What an edit comes to for one run: a difference to write, nothing to do, or a rule against it. */
export type Plan =
  | { readonly kind: "write"; readonly change: TagChange }
  | { readonly kind: "nothing" }
  | { readonly kind: "refused"; readonly problem: TagProblem };

const SYSTEM =
  /^(?:user|runtime|python_version|metaflow_version|project|project_branch|production|date|r_version|metaflow_r_version):/;

/** Whether a tag looks like one that Metaflow sets itself: nobody gives it to another run by hand. */
export function isSystemTag(tag: string): boolean {
  return SYSTEM.test(tag);
}

/** What is wrong with a text as a tag, `undefined` when nothing is. */
export function problemOfTag(tag: string): TagProblem | undefined {
  if (tag === "") return { kind: "empty" };
  if (/\p{Surrogate}/u.test(tag)) return { kind: "unencodable", tag };
  const length = Array.from(tag).length;
  return length > MAX_TAG_LENGTH ? { kind: "too-long", tag, length } : undefined;
}

/**
 * Decides what a wanted change means for one run, by the rules that the client keeps too, so that the person is told before anything
 * is written, and why. Tags to add that the system has are left out, removing one of the system's is refused, and so is growing
 * beyond 50 user tags. `write` carries only what really differs, which is what Undo takes back.
 */
export function planEdit(run: TaggedRun, wanted: TagChange): Plan {
  for (const tag of wanted.add) {
    const problem = problemOfTag(tag);
    if (problem) return { kind: "refused", problem };
  }
  const system = wanted.remove.find((tag) => run.systemTags.has(tag));
  if (system !== undefined) return { kind: "refused", problem: { kind: "system", tag: system } };

  const adding = new Set(wanted.add.filter((tag) => !run.systemTags.has(tag)));
  const add = [...adding].filter((tag) => !run.userTags.has(tag));
  const remove = [...new Set(wanted.remove)].filter((tag) => run.userTags.has(tag) && !adding.has(tag));
  if (add.length === 0 && remove.length === 0) return { kind: "nothing" };

  const has = run.userTags.size;
  const would = has + add.length - remove.length;
  // A set that is too large already may shrink or stay as large, so that it can be mended.
  if (would > MAX_USER_TAGS && would > has)
    return { kind: "refused", problem: { kind: "too-many", has, would } };
  return { kind: "write", change: { remove, add } };
}

/** The change that takes back a change that was made, and nothing else. */
export function inverse(made: TagChange): TagChange {
  return { remove: made.add, add: made.remove };
}

/** The tags that some of the runs have, each with how many have it, commonest first, then by name. */
export function tagCounts(
  runs: readonly TaggedRun[],
): readonly { readonly tag: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const run of runs) for (const tag of run.userTags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag));
}
