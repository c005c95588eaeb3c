import type { IoOptions } from "../../base/io.ts";
import { asBuffer, LineSplitter, type LogLine } from "./display.ts";
import { readChunks, type LogFile } from "./file.ts";

/** How many bytes tell whether a file still begins, or goes on, as it did. A header has about 80, with a random id in it. */
const PRINT_BYTES = 256;
/** Fewer bytes than this may stand in a log twice. */
const UNIQUE_BYTES = 64;

/**
 * One log file that is read on from where it was left. Files may grow, and may be written anew as a whole: mostly with the same beginning,
 * sometimes with another (scrubbed logs).
 */
export class FollowedFile {
  /** The file was seen. */
  exists = false;
  readonly #file: LogFile;
  readonly #splitter: LineSplitter;
  /** Bytes read so far, counted from the file's start. */
  #position: number;
  /** The file's first bytes; what was read last before the position. Unknown until the first look. */
  #head: Buffer | undefined;
  #before: Buffer | undefined;

  /** @param offset where the first wanted line begins, in bytes */
  constructor(file: LogFile, offset: number) {
    this.#file = file;
    this.#position = offset;
    this.#splitter = new LineSplitter({ offset });
  }

  /** The lines that are new since the last call, in parts, up to where the file ends now. */
  async *news(io?: IoOptions): AsyncGenerator<LogLine[], void, undefined> {
    const { store, key } = this.#file;
    const sizeBytes = (await store.head(key, io))?.sizeBytes;
    if (sizeBytes === undefined) return;
    this.exists = true;
    if (sizeBytes === this.#position) return;
    await this.#firstLook(io);
    if (sizeBytes < this.#position) {
      // Being written anew, it is short for a moment: as long as it begins as before there is nothing to say.
      if (await this.#beginsAsBefore(sizeBytes, io)) return;
      await this.#findPlace(io);
    } else if (!(await this.#goesOnAsBefore(io))) {
      await this.#findPlace(io);
    }
    for await (const chunk of readChunks(this.#file, this.#position, io)) {
      this.#remember(chunk);
      yield this.#splitter.push(chunk);
    }
  }

  /** The last line, where it has no newline. Call it when nothing more will be written. */
  end(): LogLine[] {
    return this.#splitter.end();
  }

  /** When reading begins in the midst of a file, what lies before is taken as it is. */
  async #firstLook(io?: IoOptions): Promise<void> {
    if (this.#before !== undefined) return;
    const position = this.#position;
    this.#before = await this.#range(Math.max(0, position - PRINT_BYTES), position, io);
    this.#head = await this.#range(0, Math.min(position, PRINT_BYTES), io);
  }

  async #beginsAsBefore(sizeBytes: number, io?: IoOptions): Promise<boolean> {
    const head = this.#head ?? Buffer.alloc(0);
    const length = Math.min(sizeBytes, head.length);
    return (await this.#range(0, length, io)).equals(head.subarray(0, length));
  }

  async #goesOnAsBefore(io?: IoOptions): Promise<boolean> {
    const before = this.#before ?? Buffer.alloc(0);
    return (await this.#range(this.#position - before.length, this.#position, io)).equals(before);
  }

  /** In a file with other content: behind what was read last where that is still there, else at the start. */
  async #findPlace(io?: IoOptions): Promise<void> {
    const before = this.#before ?? Buffer.alloc(0);
    const place = before.length < UNIQUE_BYTES ? undefined : await find(this.#file, before, io);
    if (place === undefined) {
      this.#position = 0;
      this.#before = Buffer.alloc(0);
      this.#splitter.restart();
    } else {
      this.#position = place + before.length;
      this.#splitter.moveTo(this.#position);
    }
    this.#head = await this.#range(0, Math.min(this.#position, PRINT_BYTES), io);
  }

  #remember(chunk: Uint8Array): void {
    const head = this.#head ?? Buffer.alloc(0);
    if (head.length < PRINT_BYTES && head.length === this.#position) {
      this.#head = Buffer.concat([head, chunk.subarray(0, PRINT_BYTES - head.length)]);
    }
    const before = this.#before ?? Buffer.alloc(0);
    this.#before =
      chunk.length >= PRINT_BYTES
        ? Buffer.from(chunk.subarray(chunk.length - PRINT_BYTES))
        : Buffer.concat([before, chunk]).subarray(-PRINT_BYTES);
    this.#position += chunk.length;
  }

  async #range(from: number, to: number, io?: IoOptions): Promise<Buffer> {
    if (from >= to) return Buffer.alloc(0);
    return Buffer.from((await this.#file.store.getRange(this.#file.key, from, to, io)) ?? new Uint8Array());
  }
}

/** Where bytes stand in a file, in bounded memory. */
async function find(file: LogFile, wanted: Buffer, io?: IoOptions): Promise<number | undefined> {
  let window = Buffer.alloc(0);
  let windowAt = 0;
  for await (const chunk of readChunks(file, 0, io)) {
    const bytes = Buffer.concat([window, asBuffer(chunk)]);
    const at = bytes.indexOf(wanted);
    if (at >= 0) return windowAt + at;
    const kept = Math.min(bytes.length, wanted.length - 1);
    windowAt += bytes.length - kept;
    window = bytes.subarray(bytes.length - kept);
  }
  return undefined;
}
