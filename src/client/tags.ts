import { reprText } from "../pickle/natural/repr.ts";
import { MetaflowTaggingError } from "./errors.ts";
import type { TagEdit } from "./metadata/provider.ts";

/** Metaflow's limits, from its tagging rules (2.7.0). */
export const MAX_USER_TAGS = 50;
/** In characters (code points), as Python counts them. */
export const MAX_TAG_LENGTH = 500;

/** What an edit makes of a run's tags. */
export interface TagPlan {
  /** The user tags after the edit. */
  readonly next: readonly string[];
  /** False when the run's tags are already as the edit wants them: then nothing is written. */
  readonly changes: boolean;
}

/** Throws MetaflowTaggingError when the text cannot be a tag; Python's wording. */
export function validateTag(tag: unknown): asserts tag is string {
  if (typeof tag !== "string") {
    // Python's wording to the letter: it forgets to say what it got.
    const message = "Tags must be some kind of string (bytes or unicode), got %s";
    throw new MetaflowTaggingError(message, { kind: "not-text" });
  }
  if (/\p{Surrogate}/u.test(tag))
    throw new MetaflowTaggingError("Tags must be UTF-8 encodable", { kind: "unencodable", tag });
  if (tag === "") throw new MetaflowTaggingError("Tags must not be empty string", { kind: "empty" });
  const length = Array.from(tag).length;
  if (length > MAX_TAG_LENGTH) {
    const message = `Tag is too long ${length} > ${MAX_TAG_LENGTH}`;
    throw new MetaflowTaggingError(message, { kind: "too-long", tag, length });
  }
}

/**
 * The edit that was asked for by arguments of any kind. Python: `MetadataProvider.mutate_user_tags_for_run`, in its order and words.
 * Throws MetaflowTaggingError for nothing at all, for a text where several tags are wanted, for what cannot be iterated.
 */
export function tagEdit(remove: unknown, add: unknown): TagEdit {
  const sides = [
    { name: "tags_to_add", tags: add ?? [] },
    { name: "tags_to_remove", tags: remove ?? [] },
  ];
  if (sides.every(({ tags }) => isNothing(tags))) throw nothingToDo();
  for (const { name, tags } of sides) {
    if (typeof tags === "string")
      throw new MetaflowTaggingError(`${name} may not be a string`, { kind: "not-text" });
  }
  const [added = [], removed = []] = sides.map(({ name, tags }) => {
    if (!isIterable(tags)) throw new MetaflowTaggingError(`${name} must be iterable`, { kind: "not-text" });
    return [...tags];
  });
  return { add: added, remove: removed };
}

function nothingToDo(): MetaflowTaggingError {
  return new MetaflowTaggingError("Must add or remove at least one tag", { kind: "nothing" });
}

/** What Python takes for false: a text without a character, zero, a list or set without a member. */
function isNothing(tags: unknown): boolean {
  return !tags || (Array.isArray(tags) && tags.length === 0) || (tags instanceof Set && tags.size === 0);
}

// Its members are validated as tags before anything is written.
function isIterable(tags: unknown): tags is Iterable<string> {
  return typeof tags === "object" && tags !== null && Symbol.iterator in tags;
}

/** Checks what does not depend on the run: something to do, and every tag well formed. */
export function validateEdit(edit: TagEdit): void {
  if (edit.add.length === 0 && edit.remove.length === 0) throw nothingToDo();
  for (const tag of [...edit.add, ...edit.remove]) validateTag(tag);
}

/**
 * What an edit makes of these tags: removal first, then addition; what is a system tag already is not added.
 * Throws MetaflowTaggingError for the removal of a system tag and for a set that would grow past the limit.
 */
export function planTagEdit(
  userTags: readonly string[],
  systemTags: readonly string[],
  edit: TagEdit,
): TagPlan {
  const existing = new Set(userTags);
  const system = new Set(systemTags);
  const forbidden = [...new Set(edit.remove)].filter((tag) => system.has(tag)).sort();
  if (forbidden.length > 0) {
    const list = forbidden.map(reprText).join(", ");
    const message = `Cannot remove a tag that is an existing system tag ([${list}])`;
    throw new MetaflowTaggingError(message, { kind: "system", tags: forbidden });
  }
  const next = new Set(existing);
  for (const tag of edit.remove) next.delete(tag);
  for (const tag of edit.add) if (!system.has(tag)) next.add(tag);

  if (next.size === existing.size && [...next].every((tag) => existing.has(tag))) {
    return { next: [...existing], changes: false };
  }
  // A set that is too large already may still be made smaller, or changed without growing.
  if (next.size > MAX_USER_TAGS && next.size > existing.size) {
    const message = `Cannot increase size of tag set beyond ${MAX_USER_TAGS}`;
    throw new MetaflowTaggingError(message, { kind: "too-many", has: existing.size, would: next.size });
  }
  return { next: [...next], changes: true };
}

/** Whether tags read back after a write still hold what the edit wanted; false when another writer undid it. */
export function editHolds(
  edit: TagEdit,
  readBack: readonly string[],
  systemTags: readonly string[],
): boolean {
  const found = new Set(readBack);
  const system = new Set(systemTags);
  const added = new Set(edit.add);
  return (
    edit.add.every((tag) => system.has(tag) || found.has(tag)) &&
    edit.remove.every((tag) => added.has(tag) || !found.has(tag))
  );
}
