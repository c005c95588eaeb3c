import type { IoOptions } from "../../base/io.ts";
import type { LogStream, Status, TaskLog } from "../../client/index.ts";
import { terminalText } from "../terminalText.ts";
import { t } from "../text.ts";

/** Of a larger log a document shows the end alone: beyond this VS Code colours and opens text slowly. In bytes as stored. */
export const WHOLE_BYTES = 16 << 20;
/** How much of the end, in bytes as stored: what is read while a person blinks. */
export const TAIL_BYTES = 4 << 20;

type State = Status["state"];

/** The part of a log that reading it needs. */
export type ReadableLog = Pick<TaskLog, "sizeBytes" | "batches" | "tail">;

/**
 * A log as the text of a document. Of one that is too large, its last part below a line that says what was left out and how to get it
 * all: bounded in memory for a log of any size.
 */
export async function logText(log: ReadableLog, io?: IoOptions): Promise<string> {
  const size = await log.sizeBytes(io);
  const text: string[] = [];
  if (size <= WHOLE_BYTES) {
    for await (const batch of log.batches(io)) addLines(text, batch);
    return text.join("");
  }
  const tail = await log.tail(Number.MAX_SAFE_INTEGER, { ...io, maxBytes: TAIL_BYTES });
  addLines(text, tail.lines);
  const first = t(
    "… {0} of this log come before this line. “Metaflow: Save Whole Log As…” writes all to a file.",
    bytesText(Math.max(0, tail.sizeBytes - TAIL_BYTES)),
  );
  return `${first}\n${text.join("")}`;
}

/** Whether a task in this state may still write to its log. */
export function isUnderWay(state: State): boolean {
  return state === "running" || state === "pending" || state === "unknown";
}

/** What stands in the document of a log without lines: nothing where the task wrote none, else why there are none. */
export function emptyText(stream: LogStream, state: State, isLocal: boolean): string {
  if (state === "stale")
    return `${t("(No {0}: what ran the task ended before its log was written.)", stream)}\n`;
  return isUnderWay(state) ? `${waitingText(stream, isLocal)}\n` : "";
}

function waitingText(stream: LogStream, isLocal: boolean): string {
  return isLocal
    ? t(
        "(No {0} yet. Metaflow writes the log of a local task when the task ends; then it appears here.)",
        stream,
      )
    : t("(No {0} yet. It appears here when the task writes some.)", stream);
}

function addLines(text: string[], lines: readonly { readonly text: string; readonly open?: true }[]): void {
  for (const line of lines) text.push(terminalText(line.text), line.open === true ? "" : "\n");
}

function bytesText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit += 1) value /= 1000;
  return `${unit === 0 || value >= 100 ? String(Math.round(value)) : value.toFixed(1)} ${units[unit] ?? ""}`;
}
