import type { Kind } from "../client/pathspec.ts";

/** Every context key that the extension sets, for `when` clauses in `package.json` (held by a unit test). */
export const ContextKey = {
  /** What the sidebar has to show: one of `ViewState`. */
  ViewState: "metaflow:view",
  /** Whether a filter is in force. */
  Filtered: "metaflow:filtered",
  /** Whether a task's log is being streamed. */
  Streaming: "metaflow:streaming",
} as const satisfies Record<string, `metaflow:${string}`>;

/** The sidebar's states; each but `runs` and `loading` has a welcome text. */
export const VIEW_STATES = [
  "loading",
  "noDatastore",
  "unreadable",
  "noRuns",
  "outsideNamespace",
  "runs",
] as const;
export type ViewState = (typeof VIEW_STATES)[number];

/** What a row of the sidebar is: an object of Metaflow, or one of the rows that stand between them. */
export type RowKind =
  | Kind
  | "root"
  | "parameters"
  | "group"
  | "attempts"
  | "attempt"
  | "internal"
  | "metadata"
  | "fact"
  | "log"
  | "more"
  | "action"
  | "problem"
  | "state";

/**
 * What menus may ask of a row beside its kind. A row's `contextValue` is `metaflow:<kind>` followed by `+<flag>` for each
 * that holds, so that a menu asks `viewItem =~ /^metaflow:run\b.*\+live\b/`.
 */
export const ROW_FLAGS = ["live", "failed", "single", "empty", "forbidden"] as const;
export type RowFlag = (typeof ROW_FLAGS)[number];

/** The `contextValue` of a row. */
export function contextValueOf(kind: RowKind, flags: readonly RowFlag[] = []): string {
  return `metaflow:${kind}${ROW_FLAGS.filter((flag) => flags.includes(flag))
    .map((flag) => `+${flag}`)
    .join("")}`;
}
