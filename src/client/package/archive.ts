import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { throwIfAborted, type IoOptions } from "../../base/io.ts";
import { MetaflowInternalError, messageOf } from "../errors.ts";

const UNZIP_CHUNK_BYTES = 1 << 18;
const GZIP_MAGIC = [0x1f, 0x8b];

/** A code package that is damaged, hostile or of a kind that is not known. */
export class BadPackage extends MetaflowInternalError {
  override readonly code = "bad-package";
}

/** What a package may take when it is unpacked. The sizes that an archive claims are never trusted beyond these. */
export interface PackageLimits {
  /** The archive itself, which is held in memory, in bytes. */
  readonly archiveBytes: number;
  /** All members together, in bytes. */
  readonly unpackedBytes: number;
  /** One member in memory, in bytes. */
  readonly memberBytes: number;
  readonly members: number;
  /** Unpacked members are kept in memory up to this size together; others are unpacked again when they are read. */
  readonly keptBytes: number;
  /** Of a larger archive the flow's source is looked for without going through all of it. */
  readonly wholeBytes: number;
}

export const PACKAGE_LIMITS: PackageLimits = {
  archiveBytes: 256 << 20,
  unpackedBytes: 512 << 20,
  memberBytes: 128 << 20,
  members: 100_000,
  keptBytes: 32 << 20,
  wholeBytes: 16 << 20,
};

/** One entry of the archive. */
export interface ArchiveEntry {
  /** Its place in the archive, counted from 0. */
  readonly index: number;
  /** As recorded, with `/`. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** What it is; only files have bytes. */
  readonly kind: "file" | "folder" | "link" | "other";
}

/** What to do with an entry that was reached: `keep` collects its bytes, `stop` ends the scan before it. */
export type Wish = "keep" | "skip" | "stop";

/**
 * Goes through a `.tar.gz` from its start, unpacking no further than needed and holding nothing but what is kept.
 * @throws BadPackage where it is damaged or larger than the limits
 */
export async function scanArchive(
  archive: Uint8Array,
  limits: PackageLimits,
  wish: (entry: ArchiveEntry) => Wish,
  kept: (entry: ArchiveEntry, bytes: Uint8Array) => void,
  io?: IoOptions,
): Promise<void> {
  const { Parser } = await import("tar/parse");
  let failure: unknown;
  const state = { stopped: false, index: 0 };
  const collected = new WeakMap<object, ArchiveEntry>();
  const parser = new Parser({
    strict: true,
    // Asked once for each entry, in order.
    filter: (name, read) => {
      if (!("type" in read) || state.stopped || failure !== undefined) return false;
      const entry: ArchiveEntry = { index: state.index++, name, size: read.size, kind: kindOf(read.type) };
      failure = overLimits(entry, limits);
      const wanted = failure === undefined ? wish(entry) : "skip";
      state.stopped = wanted === "stop";
      if (wanted === "keep") failure = tooLargeToHold(entry, limits);
      if (wanted !== "keep" || failure !== undefined) return false;
      collected.set(read, entry);
      return true;
    },
    onReadEntry: (read) => {
      const chunks: Uint8Array[] = [];
      read.on("data", (chunk) => chunks.push(chunk));
      read.on("end", () => {
        const entry = collected.get(read);
        const bytes = Buffer.concat(chunks);
        if (bytes.length === entry?.size) kept(entry, bytes);
      });
    },
  });
  parser.on("error", (error: unknown) => {
    failure ??= error;
  });
  const check = (): void => {
    if (failure !== undefined) throw asBadPackage(failure);
  };
  for await (const chunk of unzipped(archive, limits)) {
    throwIfAborted(io);
    parser.write(chunk);
    check();
    if (state.stopped) return;
  }
  parser.end();
  check();
}

/**
 * The bytes of the `.tar`, unzipped as they are asked for.
 * @throws BadPackage
 */
export async function* unzipped(
  archive: Uint8Array,
  limits: PackageLimits,
): AsyncGenerator<Buffer, void, undefined> {
  if (!isGzip(archive)) throw new BadPackage("the code package is no gzip archive");
  const gunzip = Readable.from([archive], { objectMode: false }).pipe(
    createGunzip({ chunkSize: UNZIP_CHUNK_BYTES }),
  );
  let total = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      // The reader of archives would unzip once more, outside of these limits.
      if (total === 0 && isGzip(chunk))
        throw new BadPackage("the code package is a gzip archive in a gzip archive");
      total += chunk.length;
      if (total > limits.unpackedBytes) {
        throw new BadPackage(`the code package is larger than ${limits.unpackedBytes} bytes when unpacked`);
      }
      yield chunk;
    }
  } catch (cause) {
    throw asBadPackage(cause);
  }
}

function overLimits(entry: ArchiveEntry, limits: PackageLimits): BadPackage | undefined {
  if (entry.index < limits.members) return undefined;
  return new BadPackage(`the code package has more than ${limits.members} members`);
}

function tooLargeToHold({ name, size }: ArchiveEntry, limits: PackageLimits): BadPackage | undefined {
  if (size <= limits.memberBytes) return undefined;
  return new BadPackage(
    `${name} in the code package has ${size} bytes, more than the ${limits.memberBytes} that are read`,
  );
}

function isGzip(bytes: Uint8Array): boolean {
  return GZIP_MAGIC.every((byte, at) => bytes[at] === byte);
}

function kindOf(type: string): ArchiveEntry["kind"] {
  switch (type) {
    case "File":
    case "OldFile":
    case "ContiguousFile":
      return "file";
    case "Directory":
    case "GNUDumpDir":
      return "folder";
    case "Link":
    case "SymbolicLink":
      return "link";
    default:
      return "other";
  }
}

/** Damage in the words of this library; what says more already is kept. */
export function asBadPackage(cause: unknown): unknown {
  if (cause instanceof MetaflowInternalError) return cause;
  return new BadPackage(`the code package cannot be unpacked: ${messageOf(cause)}`, { cause });
}
