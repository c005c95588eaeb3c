import type { LineBatches } from "./merge.ts";
import type { TimedLine } from "./mflog.ts";

/** In UTF-16 code units: longer than any line that somebody meant to write, small beside what the memory holds. */
const LONGEST_LINE = 32 << 20;

/**
 * The lines of a log with their times, those that were cut put together again; a line without header has no time.
 * What is longer than 32 Mi characters comes as several lines of the same time, so that no log can fill the memory.
 */
export async function* joinedLines(
  batches: LineBatches,
  longest = LONGEST_LINE,
): AsyncGenerator<TimedLine, void, undefined> {
  let pieces = "";
  for await (const batch of batches) {
    for (const { timeUs, text, open } of batch) {
      const time = timeUs === undefined ? undefined : new Date(Math.floor(timeUs / 1000));
      if (pieces !== "" && pieces.length + text.length > longest) {
        yield [time, pieces];
        pieces = "";
      }
      pieces += text;
      if (open === true) continue;
      yield [time, pieces];
      pieces = "";
    }
  }
}
