import { constants, crc32 as nodeCrc32, createInflateRaw } from "node:zlib";
import { SEGMENT_SIZE } from "./bytes.ts";
import { PickleError } from "./errors.ts";

/** What was seen besides the data. */
export interface GzipNotes {
  warnings: string[];
}

/**
 * The uncompressed bytes of gzip members one after the other. All that can be read comes out before a damage is thrown (PickleError, `gzip` or
 * `checksum`), so a wrong check sum hides nothing. Zeros behind the last member are padding, other bytes are noted. Each piece's memory is its reader's own.
 *
 * There are no checkpoints to go on from in the middle: who reads keeps what came out, in memory or in a file beside it, so a jump never
 * uncompresses anything again. zlib does not give its window away here, and an inflater in JavaScript that did would take five times as long.
 */
export async function* gunzip(
  source: AsyncIterable<Uint8Array>,
  notes: GzipNotes,
): AsyncGenerator<Uint8Array> {
  const input = new Input(source);
  try {
    for (let member = 0; ; member++) {
      const more = await input.fill(2);
      const start = input.offset;
      if (!input.startsWith(0x1f, 0x8b)) {
        if (member > 0) {
          await noteRest(input, notes);
          return;
        }
        throw new PickleError(
          more ? "gzip" : "truncated",
          more ? "the data are not gzip" : "no gzip data",
          start,
        );
      }
      await skipHeader(input);
      const sum = { crc: 0, length: 0 };
      for await (const out of inflate(input)) {
        sum.crc = crc32(out, sum.crc);
        sum.length += out.length;
        yield out;
      }
      if (!(await input.fill(8))) {
        throw new PickleError(
          "gzip",
          `the gzip data end at byte ${input.offset + input.buffered}, in the middle`,
          input.offset,
        );
      }
      const trailer = new DataView(Uint8Array.from(input.take(8)).buffer);
      if (trailer.getUint32(0, true) !== sum.crc || trailer.getUint32(4, true) !== sum.length % 2 ** 32) {
        throw new PickleError(
          "checksum",
          "the check sum of the gzip data is wrong: the value may be damaged",
          start,
        );
      }
    }
  } finally {
    await input.close();
  }
}

async function noteRest(input: Input, notes: GzipNotes): Promise<void> {
  const { offset } = input;
  while (input.buffered > 0 || (await input.fill(1))) {
    if (input.take(input.buffered).some((byte) => byte !== 0)) {
      notes.warnings.push(`Bytes behind the gzip data, from byte ${offset} on, were ignored.`);
      return;
    }
  }
}

/** The header of a member: ten bytes and what its flags announce (RFC 1952). */
async function skipHeader(input: Input): Promise<void> {
  const start = input.offset;
  const need = async (count: number): Promise<Uint8Array> => {
    if (await input.fill(count)) return input.take(count);
    throw new PickleError("gzip", "the gzip header is cut off", start);
  };
  const header = await need(10);
  if (header[2] !== 8) throw new PickleError("gzip", `the gzip method ${header[2] ?? 0} is unknown`, start);
  const flags = header[3] ?? 0;
  if ((flags & 4) !== 0) {
    const size = await need(2);
    await need((size[0] ?? 0) + (size[1] ?? 0) * 256);
  }
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    while ((await need(1))[0] !== 0); // a name, a comment: text up to a zero
  }
  if ((flags & 2) !== 0) await need(2);
}

/** Compressed bytes that are uncompressed first, so that there is something to look at early; more at a time is faster. */
const FIRST_INPUT = 1 << 14;

/** The output of one deflate stream; what follows it stays in the input. */
async function* inflate(input: Input): AsyncGenerator<Uint8Array> {
  const raw = createInflateRaw({ chunkSize: SEGMENT_SIZE, finishFlush: constants.Z_SYNC_FLUSH });
  const start = input.offset;
  const fed: Uint8Array[] = [];
  let fedBytes = 0;
  let sourceError: unknown;
  raw.on("error", () => undefined); // the loop below gets it
  const closed = new Promise<void>((resolve) => raw.once("close", resolve));
  const feed = async (): Promise<void> => {
    while (!raw.destroyed) {
      if (!(await input.fill(1))) {
        raw.end();
        return;
      }
      const chunk = input.take(fedBytes === 0 ? FIRST_INPUT : input.buffered);
      fed.push(chunk);
      fedBytes += chunk.length;
      while (fed[0] !== undefined && fedBytes - sizeOf(fed) + fed[0].length < raw.bytesWritten) fed.shift();
      if (!raw.write(chunk))
        await Promise.race([closed, new Promise((resolve) => raw.once("drain", resolve))]);
    }
  };
  const feeding = feed().catch((error: unknown) => {
    sourceError = error;
    raw.destroy();
  });
  try {
    for await (const out of raw) yield out as Uint8Array;
  } catch (cause) {
    if (sourceError === undefined) {
      throw new PickleError(
        "gzip",
        `the gzip data are damaged near byte ${start + raw.bytesWritten}`,
        start,
        { cause },
      );
    }
  } finally {
    raw.destroy();
  }
  // The feeder may be waiting for the source: what it gets then stays in the input, for nothing takes it any more.
  await Promise.race([feeding, closed]);
  if (sourceError !== undefined) throw sourceError as Error;
  input.giveBack(fed, fedBytes - raw.bytesWritten);
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

/** Bytes from a source, taken in pieces of any size. */
class Input {
  /** Bytes taken so far. */
  offset = 0;
  #iterator: AsyncIterator<Uint8Array>;
  #buffer: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  get buffered(): number {
    return this.#buffer.length;
  }

  /** Whether `count` bytes are there; reads on until they are. */
  async fill(count: number): Promise<boolean> {
    while (this.#buffer.length < count) {
      const next = await this.#iterator.next();
      if (next.done === true) return false;
      this.#buffer = join([this.#buffer, next.value]);
    }
    return true;
  }

  startsWith(first: number, second: number): boolean {
    return this.#buffer[0] === first && this.#buffer[1] === second;
  }

  take(count: number): Uint8Array {
    const taken = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    this.offset += taken.length;
    return taken;
  }

  /** Puts the last `count` bytes of what was taken back in front. */
  giveBack(chunks: readonly Uint8Array[], count: number): void {
    if (count <= 0) return;
    const all = join(chunks);
    this.#buffer = join([all.subarray(all.length - count), this.#buffer]);
    this.offset -= count;
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const some = chunks.filter((chunk) => chunk.length > 0);
  return some.length === 1 && some[0] !== undefined ? some[0] : Buffer.concat(some);
}

/** CRC-32 as zlib has it; `zlib.crc32` came with Node 20.15. */
const crc32: (data: Uint8Array, start: number) => number =
  typeof nodeCrc32 === "function" ? nodeCrc32 : tableCrc32;

const CRC_TABLE = new Uint32Array(256).map((_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = (c & 1) !== 0 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function tableCrc32(data: Uint8Array, start: number): number {
  let crc = ~start;
  for (const byte of data) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}
