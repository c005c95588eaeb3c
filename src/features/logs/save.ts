import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { IoOptions } from "../../base/io.ts";
import type { TaskLog } from "../../client/index.ts";

/**
 * Writes all of a log to a file, as its lines come, in bounded memory. The file is there whole or not at all: it is written beside its
 * place and moved there at the end. Gives the number of lines.
 */
export async function saveLog(
  log: Pick<TaskLog, "batches">,
  path: string,
  io?: IoOptions,
  progress?: (lines: number) => void,
): Promise<number> {
  const partial = `${path}.partial`;
  let lines = 0;
  const texts = async function* (): AsyncGenerator<string, void, undefined> {
    for await (const batch of log.batches(io)) {
      io?.signal?.throwIfAborted();
      yield batch.map((line) => (line.open === true ? line.text : `${line.text}\n`)).join("");
      lines += batch.length;
      progress?.(lines);
    }
  };
  try {
    await pipeline(texts, createWriteStream(partial));
    await rename(partial, path);
    return lines;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
