import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { readIfPresent } from "../../base/files.ts";
import type { IoOptions } from "../../base/io.ts";
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
  return descriptor.sizeBytes ?? (await read(session, descriptor.url, of, io)).length;
}

async function read(session: Session, url: string, of: string, io?: IoOptions): Promise<Uint8Array> {
  const path = /^local:\/\/(.*)$/s.exec(url)?.[1];
  if (path === undefined) {
    throw new DatastoreError(`${of} is a file in ${url}, which this version cannot read`, { key: url });
  }
  // A store that was moved: the file lies at `data/<flow>/<sha1>` below the root in which the record was found.
  const moved = /\/(data\/[^/]+\/[0-9a-f]{40})$/.exec(path)?.[1];
  const bytes =
    (await readIfPresent(path, io)) ??
    (moved === undefined ? undefined : await readMoved(session, path, moved, io));
  if (bytes !== undefined) return bytes;
  throw new MetaflowDataMissing(`${of}: the included file at '${url}' does not exist`, { key: url });
}

async function readMoved(
  session: Session,
  path: string,
  key: string,
  io?: IoOptions,
): Promise<Uint8Array | undefined> {
  const root = path.slice(0, -key.length - 1);
  const store = await session.store("local", root);
  return store.get(key, io);
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
