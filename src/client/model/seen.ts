/** What the tags of all objects that a session has read so far tell. */
export interface SeenTags extends Iterable<string> {
  /** Tags that people use as namespaces: `user:…`, `project:…`, `project_branch:…`, `production:…`. */
  readonly namespaces: readonly string[];
  /** Names of users, without `user:`. */
  readonly users: readonly string[];
  /** Names of projects, without `project:`. */
  readonly projects: readonly string[];
  /** Names of branches, without `project_branch:`. */
  readonly branches: readonly string[];
  /** Every tag, user and system, sorted. */
  readonly tags: readonly string[];
}

const NAMESPACES = ["user:", "project:", "project_branch:", "production:"];

/** Sorts tags by what they tell. */
export function seenTags(observed: Iterable<string>): SeenTags {
  const tags = [...observed].sort();
  const after = (prefix: string): string[] =>
    tags.filter((tag) => tag.startsWith(prefix)).map((tag) => tag.slice(prefix.length));
  return {
    namespaces: tags.filter((tag) => NAMESPACES.some((prefix) => tag.startsWith(prefix))),
    users: after("user:"),
    projects: after("project:"),
    branches: after("project_branch:"),
    tags,
    [Symbol.iterator]: () => tags.values(),
  };
}
