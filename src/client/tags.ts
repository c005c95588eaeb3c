import { MetaflowTaggingError } from "./errors.ts";
import type { TagEdit } from "./metadata/provider.ts";

/** Metaflow's limits, from its tagging rules (2.7.0). */
export const MAX_USER_TAGS = 50;
/** In characters (code points), as Python counts them. */
export const MAX_TAG_LENGTH = 500;

/** What an edit makes of a run's tags. */
export interface TagPlan {
  readonly next: readonly string[];
  /** False when the run's tags are already as the edit wants them: then nothing is written. */
  readonly changes: boolean;
}

/** Throws MetaflowTaggingError when the text cannot be a tag; Python's wording. */
export function validateTag(tag: unknown): asserts tag is string {
  if (typeof tag !== "string") {
    const message = `Tags must be some kind of string (bytes or unicode), got ${typeof tag}`;
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

/** Checks what does not depend on the run: something to do, and every tag well formed. */
export function validateEdit(edit: TagEdit): void {
  if (edit.add.length === 0 && edit.remove.length === 0) {
    throw new MetaflowTaggingError("Must add or remove at least one tag", { kind: "nothing" });
  }
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
    const list = forbidden.map((tag) => `'${tag}'`).join(", ");
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
