import { parse } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { IoOptions } from "../../base/io.ts";
import { joinBytes } from "../../base/bytes.ts";
import type { ObjectStore } from "../datastore/store.ts";
import { PyObject } from "../../pickle/natural/classes.ts";
import { DatastoreError, MetaflowDataMissing, MetaflowError, messageOf } from "../errors.ts";
import type { Session } from "../session.ts";
import { decodePython } from "./pythonText.ts";

/** Of a file whose size was not recorded (Metaflow < 2.3.3). */
const MAX_BYTES = 1 << 30;

/** Python's type of an IncludeFile's artifact, as `data.json` names it. */
export const INCLUDED_FILE_TYPE = "<class 'metaflow.includefile.IncludedFile'>";

/** What an IncludeFile's artifact stores: where the file's content lies. */
interface Descriptor {
  readonly type: string;
  readonly url: string;
  readonly isText: boolean;
  readonly encoding: string | undefined;
  readonly sizeBytes: number | undefined;
  /** Metaflow uploads a file gzipped; an external one is as it is. */
  readonly gzipped: boolean;
}

/** The descriptor, when a value is an IncludeFile's. */
function descriptorOf(value: unknown): Descriptor | undefined {
  if (!(value instanceof PyObject) || value.name !== "IncludedFile" || !(value.state instanceof Map))
    return undefined;
  const raw: unknown = value.state.get("_descriptor");
  if (!(raw instanceof Map)) return undefined;
  const text = (key: string): string | undefined => {
    const found: unknown = raw.get(key);
    return typeof found === "string" ? found : undefined;
  };
  const size: unknown = raw.get("size");
  const type = text("type") ?? "";
  return {
    type,
    url: text("url") ?? "",
    isText: raw.get("is_text") === true,
    encoding: text("encoding"),
    sizeBytes: typeof size === "number" ? size : undefined,
    gzipped: type === "uploader-v1" || (type === "uploader-v2" && text("sub-type") === "uploaded"),
  };
}

/** The content of an IncludeFile, text or bytes; `undefined` when the value is none. Python: `IncludedFile.decode`. */
export async function includedContent(
  session: Session,
  value: unknown,
  of: string,
  io?: IoOptions,
): Promise<string | Uint8Array | undefined> {
  const descriptor = descriptorOf(value);
  if (descriptor === undefined) return undefined;
  const stored = await read(session, descriptor.url, of, io);
  const bytes = descriptor.gzipped ? await unzip(stored, descriptor, of) : stored;
  if (!descriptor.isText) return new Uint8Array(bytes);
  // Python opens it as text: universal newlines.
  return decode(bytes, descriptor.encoding, of).replace(/\r\n?/g, "\n");
}

/** The size of an IncludeFile's content, in bytes as Python gives it; `undefined` when the value is none. */
export async function includedSize(
  session: Session,
  value: unknown,
  of: string,
  io?: IoOptions,
): Promise<number | undefined> {
  const descriptor = descriptorOf(value);
  if (descriptor === undefined) return undefined;
  if (descriptor.sizeBytes !== undefined) return descriptor.sizeBytes;
  const { store, key } = await find(session, descriptor.url, of, io);
  const head = await store.head(key, io);
  if (head === undefined) throw missing(descriptor.url, of);
  return head.sizeBytes;
}

async function read(session: Session, url: string, of: string, io?: IoOptions): Promise<Uint8Array> {
  const { store, key } = await find(session, url, of, io);
  const opened = await store.stream(key, io);
  if (opened === undefined) throw missing(url, of);
  const bytes = await joinBytes(opened.bytes, MAX_BYTES);
  if (bytes !== undefined) return bytes;
  throw new DatastoreError(`${of}: the included file at '${url}' is larger than ${MAX_BYTES >> 20} MiB`, {
    key: url,
  });
}

/** Which datastore holds the file that an address names, and under which key. */
async function find(
  session: Session,
  url: string,
  of: string,
  io?: IoOptions,
): Promise<{ readonly store: ObjectStore; readonly key: string }> {
  const { type, root, key } = placeOf(url, of);
  return { store: await session.store(type, root, io), key };
}

/** Metaflow's own uploads lie at `data/<flow>/<sha1>` below a datastore's root, which may have been moved; others lie anywhere. */
function placeOf(
  url: string,
  of: string,
): { readonly type: string; readonly root: string; readonly key: string } {
  const named = /^(local|s3|azure|gs):\/\/(.*)$/s.exec(url);
  const [, type = "", path = ""] = named ?? [];
  if (named === null) {
    throw new DatastoreError(`${of} is a file in ${url}, which is no place that Metaflow knows`, {
      key: url,
    });
  }
  // Metaflow repeats the container in the name of the blob (plugins/azure/includefile_support.py).
  if (type === "azure") return { type, root: path.split("/")[0] ?? "", key: path };
  const scheme = type === "local" ? "" : `${type}://`;
  const uploaded = /^(.*)\/(data\/[^/]+\/[0-9a-f]{40})$/s.exec(path);
  if (uploaded !== null) return { type, root: scheme + (uploaded[1] ?? ""), key: uploaded[2] ?? "" };
  const top = type === "local" ? parse(path).root : path.split("/", 1).join("");
  return { type, root: scheme + top, key: path.slice(top.length).replace(/^\/+/, "") };
}

function missing(url: string, of: string): MetaflowDataMissing {
  return new MetaflowDataMissing(`${of}: the included file at '${url}' does not exist`, { key: url });
}
/** Bounded by the size that Metaflow recorded: what claims to be small must not unpack to gigabytes. */
async function unzip(bytes: Uint8Array, { url, sizeBytes }: Descriptor, of: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: Math.max(sizeBytes ?? MAX_BYTES, 1) });
  } catch (cause) {
    throw new DatastoreError(`${of}: the included file at '${url}' is damaged: ${messageOf(cause)}`, {
      cause,
    });
  }
}

function decode(bytes: Uint8Array, encoding: string | undefined, of: string): string {
  try {
    return decodePython(bytes, encoding ?? "utf-8");
  } catch (cause) {
    throw new MetaflowError(`${of} is not text in ${encoding ?? "UTF-8"}: ${messageOf(cause)}`, { cause });
  }
}
