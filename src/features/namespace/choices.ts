import { t } from "../text.ts";

/** The kinds of namespaces that Metaflow's own tags make, and the rest. */
export type NamespaceGroup = "user" | "production" | "project" | "branch" | "tag";

/** Namespaces of one kind, in alphabetical order. */
export interface NamespaceChoices {
  readonly group: NamespaceGroup;
  readonly namespaces: readonly string[];
}

const ORDER = ["user", "production", "project", "branch", "tag"] as const satisfies readonly NamespaceGroup[];
const PREFIXES = [
  ["user:", "user"],
  ["production:", "production"],
  ["project:", "project"],
  ["project_branch:", "branch"],
] as const satisfies readonly (readonly [string, NamespaceGroup])[];
// Metaflow puts these on every run; nobody works in "everything made with Python 3.11".
const NOISE = /^(?:runtime|python_version|metaflow_version|metaflow_r_version|r_version|date):/;

/** Sorts the tags that were observed into the kinds of namespaces that they make. */
export function namespaceChoices(tagsSeen: Iterable<string>): readonly NamespaceChoices[] {
  const groups = new Map<NamespaceGroup, string[]>();
  for (const tag of new Set(tagsSeen)) {
    if (NOISE.test(tag)) continue;
    const group = PREFIXES.find(([prefix]) => tag.startsWith(prefix))?.[1] ?? "tag";
    groups.set(group, [...(groups.get(group) ?? []), tag]);
  }
  return ORDER.flatMap((group) => {
    const namespaces = groups.get(group);
    return namespaces === undefined
      ? []
      : [{ group, namespaces: namespaces.sort((a, b) => a.localeCompare(b)) }];
  });
}

/** What a group of namespaces is called. */
export function groupTitle(group: NamespaceGroup): string {
  switch (group) {
    case "user":
      return t("users");
    case "production":
      return t("production");
    case "project":
      return t("projects");
    case "branch":
      return t("branches of projects");
    case "tag":
      return t("tags");
  }
}
