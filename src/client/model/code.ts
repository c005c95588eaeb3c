import type { IoOptions } from "../../base/io.ts";
import { openBlob } from "../blobs.ts";
import { MetaflowInternalError, messageOf } from "../errors.ts";
import type { CodeMember, CodePackage, PackageInfo } from "../package/codepackage.ts";
import type { Session } from "../session.ts";

/** The code package that a task ran with. Python: `metaflow.client.core.MetaflowCode`. */
export class MetaflowCode {
  /** The full location in the datastore. */
  readonly path: string;
  /** The content-addressed key: equal code has an equal key. */
  readonly sha: string;
  /** What the package's INFO file tells: `script`, `metaflow_version`, `environment_type`, … */
  readonly info: PackageInfo;
  /** The name of the flow's file in the package. */
  readonly scriptName: string;
  /** The bytes of the flow's file, as in Python; `undefined` where the package does not hold it. */
  readonly flowspec: Uint8Array | undefined;
  readonly #content: CodePackage;

  private constructor(address: { path: string; sha: string }, content: CodePackage, head: Head) {
    this.path = address.path;
    this.sha = address.sha;
    this.info = head.info;
    this.scriptName = head.scriptName;
    this.flowspec = head.flowspec;
    this.#content = content;
  }

  /** @internal Opens the package that a task's `code-package` metadata names. Throws MetaflowInternalError when it is no package. */
  static async open(session: Session, flow: string, recorded: string, io?: IoOptions): Promise<MetaflowCode> {
    const { dsType, location, sha, metadata } = parseLocation(recorded);
    const blob = await openBlob(session, { flow, dsType, location, sha }, `The code package of ${flow}`, io);
    // On first use: most people never open a package, and its reader is large.
    const { readPackage } = await import("../package/codepackage.ts");
    const content = await readPackage(blob.bytes, metadata);
    const [info, scriptName, flowspec] = await Promise.all([
      content.info(io),
      content.scriptName(io),
      content.flowspec(io),
    ]);
    return new MetaflowCode({ path: location, sha }, content, { info, scriptName, flowspec });
  }

  /** Everything in the package, in its order. Python: `MetaflowCode.tarball`. */
  async tarball(io?: IoOptions): Promise<readonly CodeMember[]> {
    return this.#content.members(io);
  }

  /** The bytes of one member; `undefined` where there is none. */
  async member(name: string, io?: IoOptions): Promise<Uint8Array | undefined> {
    return this.#content.member(name, io);
  }

  /**
   * Writes the user's files into a folder, a new temporary one by default, and gives its path. Nothing is ever written outside of it.
   * Python: `MetaflowCode.extract`.
   */
  async extract(folder?: string, io?: IoOptions): Promise<string> {
    return this.#content.extract(folder, io);
  }

  /** As in Python: `<MetaflowCode: flow.py>`. */
  toString(): string {
    return `<MetaflowCode: ${this.scriptName}>`;
  }
}

interface Head {
  readonly info: PackageInfo;
  readonly scriptName: string;
  readonly flowspec: Uint8Array | undefined;
}

function parseLocation(recorded: string): {
  dsType: string;
  location: string;
  sha: string;
  metadata?: string;
} {
  try {
    const json = JSON.parse(recorded) as Record<string, unknown>;
    return {
      dsType: String(json["ds_type"]),
      location: String(json["location"]),
      sha: String(json["sha"]),
      ...(typeof json["metadata"] === "string" && { metadata: json["metadata"] }),
    };
  } catch (cause) {
    throw new MetaflowInternalError(`The recorded code package is not valid: ${messageOf(cause)}`, { cause });
  }
}
