import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { FileFacts } from "../../protocol/decoder.ts";

/** The bytes of a file, unpacked where they are in gzip. */
export function unpacked({ file, format }: FileFacts): AsyncIterable<Uint8Array> {
  const bytes = createReadStream(file) as AsyncIterable<Uint8Array>; // Of bytes, without an encoding.
  return unpackedBlob({ gzipped: format === "gzip", bytes });
}

/** The same of a blob. What is wrong with its bytes, or in reading them, is thrown while they are read. */
export function unpackedBlob({
  gzipped,
  bytes,
}: {
  readonly gzipped: boolean;
  readonly bytes: AsyncIterable<Uint8Array>;
}): AsyncIterable<Uint8Array> {
  if (!gzipped) return bytes;
  const packed = Readable.from(bytes);
  const gunzip = createGunzip();
  packed.on("error", (error) => gunzip.destroy(error));
  return packed.pipe(gunzip) as AsyncIterable<Uint8Array>; // As above.
}
