import type { IoOptions } from "../base/io.ts";
import { inTurns } from "../base/load.ts";
import { PickleError } from "../pickle/errors.ts";
import type { PyDocument } from "../pickle/index.ts";
import { openBlob } from "./blobs.ts";
import { ArtifactDecodeError } from "./errors.ts";
import type { ArtifactRecord } from "./records.ts";
import type { Session } from "./session.ts";

// On first use: a window that shows no values does not load the decoder.
const loadDecoder = inTurns(
  [async () => import("../pickle/preview.ts")],
  async () => import("../pickle/document.ts"),
);

/** Opens an artifact's pickle as a document. `sizeBytes`: its uncompressed length where it is known, a bound for the decoder. */
export async function openValue(
  session: Session,
  record: ArtifactRecord,
  io?: IoOptions,
  sizeBytes?: number,
): Promise<PyDocument> {
  const [flow = ""] = record.path;
  const { dsType, location, sha } = record;
  const ended = new AbortController();
  const signal = io?.signal === undefined ? ended.signal : AbortSignal.any([io.signal, ended.signal]);
  const blob = await openBlob(session, { flow, dsType, location, sha }, nameOf(record), { signal });
  // The content type tells the pickle's protocol, not whether the blob is gzipped: `pickle-v4` blobs are, too (Metaflow >= 2.19.26).
  const encoding = blob.gzipped ? "gzip+pickle-v4" : "pickle-v4";
  const { openPickle } = await loadDecoder();
  const document = await openPickle(blob.bytes, { encoding, size: sizeBytes, signal: io?.signal });
  // Who closes the document ends a read, too, that waits for a network.
  void document.complete
    .catch(() => undefined)
    .finally(() => {
      ended.abort();
    });
  return document;
}

/** An artifact's value as natural JavaScript. Throws ArtifactDecodeError when its pickle is damaged, MetaflowDataMissing when it is gone. */
export async function readValue(
  session: Session,
  record: ArtifactRecord,
  io?: IoOptions,
  sizeBytes?: number,
): Promise<unknown> {
  const document = await openValue(session, record, io, sizeBytes);
  try {
    await document.complete;
    return await document.root.toValue();
  } catch (cause) {
    io?.signal?.throwIfAborted();
    if (!(cause instanceof PickleError)) throw cause;
    throw new ArtifactDecodeError(`${nameOf(record)} cannot be decoded: ${cause.message}`, {
      pathspec: record.path.join("/"),
      cause,
    });
  } finally {
    document.close();
  }
}

function nameOf(record: ArtifactRecord): string {
  return `DataArtifact('${record.path.join("/")}')`;
}
