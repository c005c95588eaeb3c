import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { IoOptions } from "../../base/io.ts";
import { asBadPackage, BadPackage, unzipped, type ArchiveEntry, type PackageLimits } from "./archive.ts";

/**
 * Writes entries of an archive into a folder, which is made when it is missing; a new temporary one by default. Gives the folder's path.
 * @throws BadPackage before anything is written, where an entry is no plain file or folder, or leads outside
 */
export async function extractArchive(
  archive: Uint8Array,
  wanted: readonly ArchiveEntry[],
  limits: PackageLimits,
  folder: string | undefined,
  io?: IoOptions,
): Promise<string> {
  for (const entry of wanted) refuseUnsafe(entry);
  const target = folder ?? (await mkdtemp(join(tmpdir(), "metaflow-code-")));
  try {
    await mkdir(target, { recursive: true });
    await write(archive, new Set(wanted.map(({ index }) => index)), limits, await realpath(target), io);
  } catch (cause) {
    if (folder === undefined) await rm(target, { recursive: true, force: true });
    io?.signal?.throwIfAborted();
    throw asBadPackage(cause);
  }
  return target;
}

/** The archive's writer has guards of its own, against links that are in the folder already too; this one tells before it begins. */
function refuseUnsafe({ name, kind }: ArchiveEntry): void {
  const why = unsafe(name, kind);
  if (why !== undefined) {
    throw new BadPackage(`${JSON.stringify(name)} in the code package ${why}; nothing was written`);
  }
}

function unsafe(name: string, kind: ArchiveEntry["kind"]): string | undefined {
  if (kind === "link") return "is a link";
  if (kind === "other") return "is neither a file nor a folder";
  // Both separators and drive letters on every system: what is refused must not depend on where it is read.
  if (/^([/\\]|[A-Za-z]:)/.test(name)) return "has an absolute name";
  if (name.split(/[/\\]/).includes("..")) return "leads outside the folder";
  return name.includes("\0") ? "has a name with a null byte" : undefined;
}

async function write(
  archive: Uint8Array,
  wanted: ReadonlySet<number>,
  limits: PackageLimits,
  cwd: string,
  io?: IoOptions,
): Promise<void> {
  const { Unpack } = await import("tar/unpack");
  let index = 0;
  const unpack = new Unpack({
    cwd,
    strict: true,
    preserveOwner: false,
    // Entries are counted here as in the scan that chose them.
    filter: () => wanted.has(index++),
  });
  const bytes = Readable.from(unzipped(archive, limits), { objectMode: false });
  await pipeline(bytes, unpack as unknown as NodeJS.WritableStream, { signal: io?.signal });
}
