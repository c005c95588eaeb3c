import { t } from "../text.ts";

/** What a row's icon can say. The first six are the client's, the others are told by the run's graph and lineage. */
export type RowState =
  "pending" | "running" | "completed" | "failed" | "stale" | "unknown" | "skipped" | "cloned" | "loading";

/** A codicon and the theme colour that it is painted in. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}

const ICONS: Record<RowState, Icon> = {
  completed: { id: "pass", color: "testing.iconPassed" },
  failed: { id: "error", color: "testing.iconFailed" },
  running: { id: "sync~spin", color: "charts.blue" },
  stale: { id: "warning", color: "list.warningForeground" },
  pending: { id: "circle-outline", color: "disabledForeground" },
  skipped: { id: "circle-slash", color: "disabledForeground" },
  cloned: { id: "history", color: "testing.iconPassed" },
  unknown: { id: "question", color: "disabledForeground" },
  loading: { id: "circle-outline", color: "disabledForeground" },
};

/** The icon of a state: its shape says as much as its colour. */
export function iconOf(state: RowState): Icon {
  return ICONS[state];
}

/** A state as a word, for screen readers, groups and tooltips. */
export function stateText(state: RowState): string {
  switch (state) {
    case "completed":
      return t("completed");
    case "failed":
      return t("failed");
    case "running":
      return t("running");
    case "stale":
      return t("no sign of life");
    case "pending":
      return t("pending");
    case "skipped":
      return t("skipped");
    case "cloned":
      return t("cloned");
    case "unknown":
      return t("state unknown");
    case "loading":
      return t("loading");
  }
}

/** The order of groups of tasks: what needs a person comes first. */
export const STATE_ORDER: readonly RowState[] = [
  "failed",
  "stale",
  "running",
  "pending",
  "unknown",
  "loading",
  "skipped",
  "cloned",
  "completed",
];
