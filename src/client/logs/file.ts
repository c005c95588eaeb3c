import { throwIfAborted, type IoOptions } from "../../base/io.ts";
import type { ObjectStore } from "../datastore/store.ts";
import { LineSplitter, type LogLine, type SplitOptions } from "./display.ts";

const FIRST_CHUNK_BYTES = 1 << 16;
const LARGEST_CHUNK_BYTES = 1 << 20;
const NEWLINE = 10;

/** One file of a log in a store. */
export interface LogFile {
  readonly store: ObjectStore;
  readonly key: string;
}

/** How a file is read. */
export interface ReadOptions extends SplitOptions {
  /** The most that is read at once, in bytes (1 MiB): less where many files are read side by side. */
  readonly largestBytes?: number;
}

/** A file's bytes from an offset on, in chunks that grow; ends where the file ends now. Nothing when there is no such file. */
export async function* readChunks(
  file: LogFile,
  from = 0,
  io?: IoOptions,
  largestBytes = LARGEST_CHUNK_BYTES,
): AsyncGenerator<Uint8Array, void, undefined> {
  let chunkBytes = Math.min(FIRST_CHUNK_BYTES, largestBytes);
  for (let at = from; ;) {
    throwIfAborted(io);
    const chunk = await file.store.getRange(file.key, at, at + chunkBytes, io);
    if (chunk === undefined || chunk.length === 0) return;
    yield chunk;
    if (chunk.length < chunkBytes) return;
    at += chunk.length;
    chunkBytes = Math.min(chunkBytes * 4, largestBytes);
  }
}

/** A file's lines in the file's order, in bounded memory. */
export async function* readLines(
  file: LogFile,
  options: ReadOptions = {},
  io?: IoOptions,
): AsyncGenerator<LogLine[], void, undefined> {
  const splitter = new LineSplitter(options);
  for await (const chunk of readChunks(file, options.offset, io, options.largestBytes))
    yield splitter.push(chunk);
  yield splitter.end();
}

/** The end of a file: its last lines, and where the first of them begins. */
export interface FileTail {
  readonly lines: readonly LogLine[];
  readonly sizeBytes: number;
  /** Offset of the first line given; where none is given, of the line that is being written, or the file's end. */
  readonly from: number;
}

/**
 * The last lines of a file, read from its end: no more than `maxBytes` of it, so that a log of any size takes the same time.
 * The first line is cut when it alone is longer than that.
 */
export async function readLastLines(
  file: LogFile,
  count: number,
  maxBytes: number,
  io?: IoOptions,
): Promise<FileTail> {
  const sizeBytes = (await file.store.head(file.key, io))?.sizeBytes ?? 0;
  for (let wanted = Math.min(FIRST_CHUNK_BYTES, maxBytes); ; wanted = Math.min(wanted * 4, maxBytes)) {
    const from = Math.max(0, sizeBytes - wanted);
    // One byte earlier, to see whether the first line is whole.
    const chunk = await file.store.getRange(file.key, Math.max(0, from - 1), sizeBytes, io);
    if (chunk === undefined) return { lines: [], sizeBytes: 0, from: 0 };
    const start = from === 0 ? 0 : firstLineStart(chunk);
    const splitter = new LineSplitter({ offset: Math.max(0, from - 1) + start });
    const lines = [...splitter.push(chunk.subarray(start)), ...splitter.end()];
    if (lines.length >= count || from === 0 || wanted >= maxBytes) {
      const last = count === 0 ? [] : lines.slice(-count);
      const unfinished = chunk.at(-1) === NEWLINE ? undefined : lines.at(-1);
      return { lines: last, sizeBytes, from: last[0]?.offset ?? unfinished?.offset ?? sizeBytes };
    }
  }
}

/** Where the first whole line begins in a chunk from the midst of a file; its second byte where there is no line's end at all. */
function firstLineStart(chunk: Uint8Array): number {
  const newline = chunk.indexOf(NEWLINE);
  return newline < 0 || newline === chunk.length - 1 ? 1 : newline + 1;
}
