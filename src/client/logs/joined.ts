import type { LogLine } from "./display.ts";
import type { LineBatches } from "./merge.ts";
import type { TimedLine } from "./mflog.ts";

/** In UTF-16 code units: longer than any line that somebody meant to write, small beside what the memory holds. */
const LONGEST_LINE = 32 << 20;

/**
 * The lines of one log, those that were cut put together again. What is longer than 32 Mi characters comes as several lines of the same time,
 * so that no log can fill the memory.
 */
export async function* wholeLines(
  batches: LineBatches,
  longest = LONGEST_LINE,
): AsyncGenerator<readonly LogLine[], void, undefined> {
  let pieces = "";
  for await (const batch of batches) {
    const whole: LogLine[] = [];
    for (const line of batch) {
      if (pieces === "" && line.open !== true) {
        whole.push(line);
        continue;
      }
      const { open, ...about } = line;
      if (pieces !== "" && pieces.length + line.text.length > longest) {
        whole.push({ ...about, text: pieces });
        pieces = "";
      }
      pieces += line.text;
      if (open === true) continue;
      whole.push({ ...about, text: pieces });
      pieces = "";
    }
    yield whole;
  }
}

/** The same line by line, each with its time; a line without header has none. */
export async function* joinedLines(
  batches: LineBatches,
  longest?: number,
): AsyncGenerator<TimedLine, void, undefined> {
  for await (const batch of wholeLines(batches, longest)) {
    for (const { timeUs, text } of batch) yield [timeOf(timeUs), text];
  }
}

/** A line's time to the millisecond. */
export function timeOf(timeUs: number | undefined): Date | undefined {
  return timeUs === undefined ? undefined : new Date(Math.floor(timeUs / 1000));
}
