import type { IoOptions } from "../base/io.ts";
import { blobKey, rootOfLocation } from "./datastore/layout.ts";
import { MetaflowDataMissing } from "./errors.ts";
import type { Session } from "./session.ts";

/** Where a content-addressed blob lies: as artifact records and code packages tell it. */
export interface BlobAddress {
  readonly flow: string;
  readonly dsType: string;
  readonly location: string;
  readonly sha: string;
}

/** A blob's bytes as they are stored, and whether they are gzipped. */
export interface Blob {
  readonly gzipped: boolean;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** A blob's stored bytes. Throws MetaflowDataMissing, naming what it was wanted for, when the datastore has no such blob. */
export async function openBlob(
  session: Session,
  address: BlobAddress,
  of: string,
  io?: IoOptions,
): Promise<Blob> {
  const store = await session.store(address.dsType, rootOfLocation(address.location, address.flow));
  const key = blobKey(address.flow, address.sha);
  const stream = await store.stream(key, io);
  if (stream === undefined) {
    throw new MetaflowDataMissing(`${of} has no data: ${key} is missing in ${store.description}`, {
      store: store.description,
      key,
    });
  }
  return sniff(stream);
}

/**
 * Tells by the first bytes whether a pickle's blob is gzipped: a pickle of any protocol never starts with gzip's signature, so the blob's own
 * metadata (`cas_raw`), which cost another request, are not needed.
 */
async function sniff(stream: AsyncIterable<Uint8Array>): Promise<Blob> {
  const chunks = stream[Symbol.asyncIterator]();
  const first = await chunks.next();
  const head = first.done === true ? new Uint8Array() : first.value;
  const gzipped = head[0] === 0x1f && head[1] === 0x8b;
  return { gzipped, bytes: rejoin(head, chunks) };
}

async function* rejoin(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** All bytes of a stream. */
export async function joinBytes(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
