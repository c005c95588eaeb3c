import type { IoOptions } from "../base/io.ts";
import { blobKey, rootOfLocation } from "./datastore/layout.ts";
import type { ObjectStore } from "./datastore/store.ts";
import { DataElsewhere, DatastoreError, MetaflowDataMissing } from "./errors.ts";
import { parseJson } from "./metadata/parse.ts";
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
  /** Whether the bytes are compressed. */
  readonly gzipped: boolean;
  /** The bytes, as they arrive. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** How a blob's bytes are packed is told by a version; there has been only this one (Metaflow >= 2.4.0, none before). */
const PACKING_VERSION = 1;

/**
 * A blob's stored bytes. Throws MetaflowDataMissing, naming what it was wanted for, when the datastore has no such blob, and DatastoreError
 * when it is packed in a way that only a later Metaflow knows.
 */
export async function openBlob(
  session: Session,
  address: BlobAddress,
  of: string,
  io?: IoOptions,
): Promise<Blob> {
  const store = await session.store(address.dsType, rootOfLocation(address.location, address.flow));
  const key = blobKey(address.flow, address.sha);
  const opened = await store.stream(key, io);
  if (opened === undefined) throw await missing(store, key, of, io);
  const blob = await sniff(opened.bytes);
  try {
    if (opened.attributes !== undefined) refuseUnknown(opened.attributes, of, store, key);
    return blob;
  } catch (refused) {
    for await (const chunk of blob.bytes) if (chunk.length >= 0) break; // Lets go of the connection.
    throw refused;
  }
}

async function missing(store: ObjectStore, key: string, of: string, io?: IoOptions): Promise<Error> {
  const context = { store: store.description, key };
  if ((await store.isHere?.(io)) === false) {
    return new DataElsewhere(
      `${of} has no data here: they are in ${store.description}, a folder of another machine`,
      context,
    );
  }
  return new MetaflowDataMissing(`${of} has no data: ${key} is missing in ${store.description}`, context);
}

/** Python's check: what is stored as it is (`cas_raw`) has no version that matters. */
function refuseUnknown(attributes: string, of: string, store: ObjectStore, key: string): void {
  const place = `${store.description}/${key}`;
  const { cas_raw: raw, cas_version: version } = {
    cas_raw: undefined,
    cas_version: undefined,
    ...parseJson(attributes, `what is kept with ${place}`),
  } as { cas_raw: unknown; cas_version: unknown };
  if (raw === true || version === PACKING_VERSION) return;
  const found = version === undefined ? "without a version" : `in version ${JSON.stringify(version)}`;
  throw new DatastoreError(
    `${of} is packed ${found}, which is not known: it is damaged, or of a later Metaflow (${place})`,
    { store: store.description, key },
  );
}

/**
 * Tells by the first bytes whether a pickle's blob is gzipped: a pickle of any protocol never starts with gzip's signature. Surer than the
 * blob's own word (`cas_raw`), which old ones lack and packages have wrong.
 */
async function sniff(stream: AsyncIterable<Uint8Array>): Promise<Blob> {
  const chunks = stream[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array();
  // The first chunk may be a single byte.
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
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
