import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { openPickle } from "../pickle/index.ts";
import type { PyDocument } from "../pickle/index.ts";
import { isNpy, npyFrame, npyHeaderBytes } from "../pickle/numpy/npy.ts";
import type { FileFacts, FileFormat } from "../protocol/decoder.ts";

const CHUNK = 1 << 20;
const HEAD = 12;

/** A file that is open, and what is known of it. */
export interface OpenFile {
  readonly document: PyDocument;
  readonly facts: FileFacts;
}

/** Opens a file with a pickle, plain or gzipped, or with an array as `numpy.save` writes it. What it is, its first bytes tell. Throws the system's errors. */
export async function openFile(file: string): Promise<OpenFile> {
  const { size, mtimeMs } = await stat(file);
  const head = await readHead(file, HEAD);
  const format = formatOf(head);
  const facts: FileFacts = { file, format, name: basename(file), sizeBytes: size, modifiedAtMs: mtimeMs };
  if (format === "npy") return { facts, document: await openNpy(file, head, size) };
  const document = await openPickle(createReadStream(file, { highWaterMark: CHUNK }), {
    encoding: format === "gzip" ? "gzip+pickle-v4" : undefined,
    size: format === "gzip" ? undefined : size,
  });
  return { facts, document };
}

function formatOf(head: Uint8Array): FileFormat {
  if (isNpy(head)) return "npy";
  return head[0] === 0x1f && head[1] === 0x8b ? "gzip" : "pickle";
}

async function openNpy(file: string, head: Uint8Array, size: number): Promise<PyDocument> {
  const headerBytes = npyHeaderBytes(head);
  if (headerBytes === undefined) throw new SyntaxError("the header of the .npy file cannot be read");
  const { dataFrom, prefix, suffix } = npyFrame(await readHead(file, headerBytes), size);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield prefix;
    yield* createReadStream(file, { start: dataFrom, highWaterMark: CHUNK }) as AsyncIterable<Uint8Array>; // Of bytes, without an encoding.
    yield suffix;
  }
  return openPickle(bytes(), { size: size - dataFrom + prefix.length + suffix.length });
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
