import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { openPickleFile } from "../pickle/document.ts";
import { openPickle } from "../pickle/index.ts";
import type { PyDocument } from "../pickle/index.ts";
import { isNpy, npyFrame, npyHeaderBytes } from "../pickle/numpy/npy.ts";
import type { FileFacts, FileFormat } from "../protocol/decoder.ts";
import { LocalFile } from "./localFile.ts";

const CHUNK = 1 << 20;
const HEAD = 12;
/** Files of so many bytes are not copied. */
const LARGE = 1 << 24;
/** How many times larger than a gzip its content may be where that is more than 4 GiB. */
const MOST_RATIO = 16;

/** A file that is open, and what is known of it. */
export interface OpenFile {
  readonly document: PyDocument;
  readonly facts: FileFacts;
}

/**
 * Opens a file with a pickle, plain or gzipped, or with an array as `numpy.save` writes it. What it is, its first bytes tell. Small ones are copied, so
 * that they may be written anew meanwhile; large ones are read where they lie. Throws the system's errors.
 * @param largeBytes from how many bytes on a file is large
 */
export async function openFile(file: string, largeBytes = LARGE): Promise<OpenFile> {
  const { size, mtimeMs } = await stat(file);
  const head = await readHead(file, HEAD);
  const format = formatOf(head);
  const facts: FileFacts = { file, format, name: basename(file), sizeBytes: size, modifiedAtMs: mtimeMs };
  const { document, hasObjects = false } = await OPENERS[format]({
    file,
    size,
    head,
    isLarge: size >= largeBytes,
  });
  if (hasObjects) return { facts: { ...facts, objects: true }, document };
  return { facts, document };
}

interface Found {
  readonly file: string;
  readonly size: number;
  /** Its first bytes. */
  readonly head: Uint8Array;
  readonly isLarge: boolean;
}

interface Opening {
  readonly document: PyDocument;
  /** Whether it is an array of objects, which numpy loads only where it is allowed to. */
  readonly hasObjects?: boolean;
}

const OPENERS: Readonly<Record<FileFormat, (found: Found) => Promise<Opening>>> = {
  npy: openNpy,
  gzip: async ({ file, size }) => ({
    document: await openPickle(chunksOf(file), {
      encoding: "gzip+pickle-v4",
      // How much is in it, its end does not tell beyond 4 GiB: what is allowed goes by what is on the disk already.
      limits: { bytes: Math.max(2 ** 32, size * MOST_RATIO) },
    }),
  }),
  pickle: async ({ file, size, isLarge }) => ({
    document: isLarge
      ? await openPickleFile(new LocalFile(file))
      : await openPickle(chunksOf(file), { size }),
  }),
};

function formatOf(head: Uint8Array): FileFormat {
  if (isNpy(head)) return "npy";
  return head[0] === 0x1f && head[1] === 0x8b ? "gzip" : "pickle";
}

async function openNpy({ file, size, head, isLarge }: Found): Promise<Opening> {
  const headerBytes = npyHeaderBytes(head);
  if (headerBytes === undefined) throw new SyntaxError("the header of the .npy file cannot be read");
  const frame = npyFrame(await readHead(file, headerBytes), size);
  const { dataFrom, prefix, suffix } = frame;
  // Objects are a pickle of their own behind the header.
  const hasObjects = prefix.length === 0;
  if (isLarge) return { document: await openPickleFile(new LocalFile(file, frame)), hasObjects };
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield prefix;
    yield* chunksOf(file, dataFrom);
    yield suffix;
  }
  const document = await openPickle(bytes(), { size: size - dataFrom + prefix.length + suffix.length });
  return { document, hasObjects };
}

/** The bytes of a file as they come. */
export function chunksOf(file: string, start = 0): AsyncIterable<Uint8Array> {
  return createReadStream(file, { start, highWaterMark: CHUNK }) as AsyncIterable<Uint8Array>; // Of bytes, without an encoding.
}

async function readHead(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
