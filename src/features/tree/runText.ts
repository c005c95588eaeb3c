import type { Status } from "../../client/index.ts";
import type { RunLabelStyle } from "../settings.ts";
import { t } from "../text.ts";
import { agoText, spanText, whenText } from "./format.ts";
import { joined, type Surroundings } from "./row.ts";

// Runs of the local scheduler are called by microseconds since the epoch.
const LOCAL_ID = /^\d{16}$/;

/** What a run is called in a list: the same whatever stands beside it. */
export function runLabel(
  id: string,
  startedAt: Date,
  style: RunLabelStyle,
  { now, locale }: Pick<Surroundings, "now" | "locale">,
): string {
  const byTime = style === "time" || (style === "auto" && LOCAL_ID.test(id));
  return byTime ? whenText(startedAt, now, locale) : id;
}

/** How far a running run has come: the step that runs and how many of its tasks are done. */
export interface Progress {
  readonly step: string;
  readonly done: number;
  /** How many there will be, where that is known and more than one. */
  readonly total: number | undefined;
}

/** Where a run failed first, and by what. */
export interface FailureText {
  /** `train[3]` */
  readonly where: string;
  /** `ValueError`; `undefined` where nothing was recorded. */
  readonly exception: string | undefined;
}

/** The part of a run's description that depends on its state: the one thing that matters next. */
export function runStateText(
  status: Status | undefined,
  progress: Progress | undefined,
  failure: FailureText | undefined,
  now: Date,
): string {
  switch (status?.state) {
    case undefined:
      return "";
    case "running":
      return joined([progress && progressText(progress), spanText(now.getTime() - status.since.getTime())]);
    case "failed":
      return failure === undefined
        ? joined([t("failed"), spanText(status.duration ?? -1)])
        : joined([t("failed in {0}", failure.where), failure.exception]);
    case "completed":
      return spanText(status.duration ?? -1);
    case "stale":
      return t("no sign of life since {0}", spanText(now.getTime() - status.since.getTime()));
    case "pending":
      return t("pending");
    case "unknown":
      return t("last activity {0}", agoText(status.since, now));
  }
}

function progressText({ step, done, total }: Progress): string {
  return total === undefined ? step : `${step} ${done}/${total}`;
}

/** The user's own tags as they are shown in a row: `#nightly #prod`. */
export function tagsText(tags: Iterable<string>): string {
  return [...tags].map((tag) => `#${tag}`).join(" ");
}

/** The value of one of Metaflow's own tags: of `user:alice` for `user` it is `alice`. */
export function systemTag(tags: ReadonlySet<string>, name: string): string | undefined {
  for (const tag of tags) if (tag.startsWith(`${name}:`)) return tag.slice(name.length + 1);
  return undefined;
}
