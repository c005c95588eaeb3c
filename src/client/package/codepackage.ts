import { throwIfAborted, type IoOptions } from "../../base/io.ts";
import { joinBytes } from "../../base/bytes.ts";
import {
  BadPackage,
  PACKAGE_LIMITS,
  scanArchive,
  type ArchiveEntry,
  type PackageLimits,
  type Wish,
} from "./archive.ts";
import { extractArchive } from "./extract.ts";

const MARKER = ".mf_install";
const CODE_FOLDER = ".mf_code";
const META_FOLDER = ".mf_meta";
/** A file or folder in a code package. Python: a member of `MetaflowCode.tarball`. */
export interface CodeMember extends ArchiveEntry {
  /** The member's bytes; shared, so not to be written into. None for folders and links. */
  bytes(io?: IoOptions): Promise<Uint8Array>;
}

/** What the `INFO` file of a package says: `script`, `username`, `metaflow_version`, `python_version`… */
export type PackageInfo = Readonly<Record<string, unknown>>;

interface Contents {
  readonly entries: readonly ArchiveEntry[];
  readonly kept: ReadonlyMap<number, Uint8Array>;
}

/**
 * The content of a code package, without the record that it belongs to. Nothing is unpacked before something is asked for, then what is
 * small is kept. Python: what `MetaflowCode` reads of its blob.
 */
export class CodePackage {
  readonly #archive: Uint8Array;
  readonly #limits: PackageLimits;
  #contents: Promise<Contents> | undefined;

  constructor(archive: Uint8Array, limits: PackageLimits = PACKAGE_LIMITS) {
    this.#archive = archive;
    this.#limits = limits;
  }

  /**
   * The `INFO` file. Python: `MetaflowCode.info`.
   * @throws BadPackage where there is none, as in Python
   */
  async info(io?: IoOptions): Promise<PackageInfo> {
    const contents = await this.#forReading(io);
    const name = (await this.#version(contents, io)) === 1 ? `${META_FOLDER}/INFO` : "INFO";
    const bytes = await this.#read(contents, name, io);
    // Python says: Code package metadata is invalid.
    if (bytes === undefined || bytes.length === 0) throw new BadPackage("Code package metadata is invalid.");
    return parseObject(bytes, name);
  }

  /** The name of the flow's file. Python: `MetaflowCode.script_name`. */
  async scriptName(io?: IoOptions): Promise<string> {
    const { script } = { script: undefined, ...(await this.info(io)) } as { script: unknown };
    if (typeof script !== "string") throw new BadPackage("INFO in the code package names no script");
    return script;
  }

  /** The bytes of the flow's file, `undefined` where the package does not have it. Python: `MetaflowCode.flowspec`. */
  async flowspec(io?: IoOptions): Promise<Uint8Array | undefined> {
    const name = await this.scriptName(io);
    return this.#read(await this.#forReading(io, name), name, io);
  }

  /** Everything in the package, in its order. Python: `MetaflowCode.tarball.getmembers()`. */
  async members(io?: IoOptions): Promise<readonly CodeMember[]> {
    const contents = await this.#all(io);
    return contents.entries.map((entry) => ({
      ...entry,
      bytes: async (each?: IoOptions) => this.#bytes(contents, entry, each),
    }));
  }

  /** The bytes of one member, the last of that name as in Python; `undefined` where there is none. */
  async member(name: string, io?: IoOptions): Promise<Uint8Array | undefined> {
    return this.#read(await this.#all(io), name, io);
  }

  /**
   * The members that `extract` writes. Python's choice, with its surprises: of content version 1 everything but the library (so also
   * `.mf_install` and `.mf_meta`), of version 0 everything.
   */
  async userMembers(io?: IoOptions): Promise<readonly CodeMember[]> {
    const members = await this.members(io);
    const version = await this.#version(await this.#all(io), io);
    return version === 1 ? members.filter(({ name }) => !name.startsWith(CODE_FOLDER)) : members;
  }

  /**
   * Writes the user's files into a folder and gives its path; a new temporary one by default. Python: `MetaflowCode.extract`.
   * Never writes outside of it: an archive that would (`..`, absolute names, links, devices) is refused before anything is written.
   * @throws BadPackage
   */
  async extract(folder?: string, io?: IoOptions): Promise<string> {
    const wanted = await this.userMembers(io);
    return extractArchive(this.#archive, wanted, this.#limits, folder, io);
  }

  /** All entries; unpacked once, a failure is not remembered. */
  async #all(io?: IoOptions): Promise<Contents> {
    throwIfAborted(io);
    if (this.#contents === undefined) {
      const contents = this.#scan();
      this.#contents = contents;
      contents.catch(() => {
        if (this.#contents === contents) this.#contents = undefined;
      });
    }
    const contents = await this.#contents;
    throwIfAborted(io);
    return contents;
  }

  /** Enough of the package to read `INFO` and the script: all of it, unless it is large and they stand early. */
  async #forReading(io?: IoOptions, script?: string): Promise<Contents> {
    if (this.#contents !== undefined || this.#archive.length <= this.#limits.wholeBytes) return this.#all(io);
    const seen = { marker: false, info: false, meta: false, script: script === undefined };
    const isEnough = ({ name }: ArchiveEntry): boolean => {
      const enough = (seen.marker || (seen.info && !seen.meta)) && seen.script;
      seen.marker ||= name === MARKER;
      seen.info ||= name === "INFO";
      seen.meta ||= name.startsWith(".mf_");
      seen.script ||= name === script;
      return enough;
    };
    return this.#scan(isEnough, io);
  }

  /** Goes through the archive to its end, or to the first entry before which there is enough. */
  async #scan(isEnough: (entry: ArchiveEntry) => boolean = () => false, io?: IoOptions): Promise<Contents> {
    const entries: ArchiveEntry[] = [];
    const kept = new Map<number, Uint8Array>();
    const { keptBytes } = this.#limits;
    let room = keptBytes;
    const wish = (entry: ArchiveEntry): Wish => {
      if (isEnough(entry)) return "stop";
      entries.push(entry);
      // Half of the room is for what people look at: the files beside the flow, and what describes the package.
      const needed = isLibrary(entry.name) ? entry.size + keptBytes / 2 : entry.size;
      if (entry.kind !== "file" || needed > room) return "skip";
      room -= entry.size;
      return "keep";
    };
    await scanArchive(this.#archive, this.#limits, wish, ({ index }, bytes) => kept.set(index, bytes), io);
    return { entries, kept };
  }

  /** Since Metaflow 2.15.21 a marker in the archive tells the layout; packages from before have none. */
  async #version(contents: Contents, io?: IoOptions): Promise<0 | 1> {
    const marker = await this.#read(contents, MARKER, io);
    if (marker === undefined || marker.length === 0) return 0;
    const { version } = { version: undefined, ...parseObject(marker, MARKER) } as { version: unknown };
    if (version === 0 || version === 1) return version;
    throw new BadPackage(
      `the code package has the content version ${JSON.stringify(version)}, which is not known`,
    );
  }

  async #read(contents: Contents, name: string, io?: IoOptions): Promise<Uint8Array | undefined> {
    // As in Python's tarfile, the last of several members of one name is the one.
    const entry = contents.entries.findLast((each) => each.name === name);
    return entry?.kind === "file" ? this.#bytes(contents, entry, io) : undefined;
  }

  async #bytes(contents: Contents, entry: ArchiveEntry, io?: IoOptions): Promise<Uint8Array> {
    throwIfAborted(io);
    const kept = contents.kept.get(entry.index);
    if (kept !== undefined) return kept;
    if (entry.kind !== "file") throw new BadPackage(`${entry.name} in the code package is no file`);
    let found: Uint8Array | undefined;
    const wish = ({ index }: ArchiveEntry): Wish => {
      if (index === entry.index) return "keep";
      return index > entry.index ? "stop" : "skip";
    };
    await scanArchive(this.#archive, this.#limits, wish, (_, bytes) => (found = bytes), io);
    if (found === undefined) throw new BadPackage(`${entry.name} in the code package cannot be read`);
    return found;
  }
}

/**
 * Opens a code package from the bytes of its blob; nothing is unpacked yet.
 * @param metadata the `metadata` text of the task's `code-package`; absent before Metaflow 2.15.21
 * @throws BadPackage where the archive is of a format that is not known
 */
export function openPackage(bytes: Uint8Array, metadata?: string): CodePackage {
  const format = metadata === undefined ? "tgz" : archiveFormat(metadata);
  if (format !== "tgz")
    throw new BadPackage(`the code package is of the format ${format}, which is not known`);
  return new CodePackage(bytes);
}

/** The same from the blob as it arrives. @throws BadPackage also where it is larger than the limits */
export async function readPackage(
  bytes: AsyncIterable<Uint8Array>,
  metadata?: string,
  limits: PackageLimits = PACKAGE_LIMITS,
): Promise<CodePackage> {
  const archive = await joinBytes(bytes, limits.archiveBytes);
  if (archive !== undefined) return openPackage(archive, metadata);
  throw new BadPackage(`the code package is larger than ${limits.archiveBytes} bytes`);
}

function archiveFormat(metadata: string): string {
  const record = parseObject(Buffer.from(metadata), "the metadata");
  const format = "archive_format" in record ? record["archive_format"] : "tgz";
  return typeof format === "string" ? format : JSON.stringify(format);
}

/** Metaflow itself and other installed modules, in both layouts. */
function isLibrary(name: string): boolean {
  return (
    name.startsWith(`${CODE_FOLDER}/`) ||
    name.startsWith("metaflow/") ||
    name.startsWith("metaflow_extensions/")
  );
}

function parseObject(bytes: Uint8Array, name: string): PackageInfo {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw new BadPackage(`${name} of the code package is not JSON`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BadPackage(`${name} of the code package is not a JSON object`);
  }
  return value as PackageInfo;
}
