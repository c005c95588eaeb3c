import type { IoOptions } from "../../base/io.ts";
import { MetaflowInternalError, MetaflowKeyError } from "../errors.ts";
import { parseJson } from "../metadata/parse.ts";
import type { MetaflowCode } from "./code.ts";

/** What the environments without a manifest say of themselves. */
const LOCAL = "Local environment";
const WITH_MANIFEST: readonly unknown[] = ["conda", "pypi"];
const WITHOUT_MANIFEST: readonly unknown[] = ["local", "uv"];
/** Where the environments of a flow's steps are described, in a package from before Metaflow 2.15.21. */
const MANIFEST = "conda.manifest";

/**
 * What Python's client tells of the environment that a task ran in: a text, or the packages of its conda or pypi environment.
 *
 * Newer packages have the manifest elsewhere, where Python's client does not look: it raises a KeyError there, as this does.
 */
export async function environmentInfo(
  code: MetaflowCode,
  metadata: ReadonlyMap<string, unknown>,
  io?: IoOptions,
): Promise<unknown> {
  const { environment_type: type } = { environment_type: undefined, ...code.info } as {
    environment_type: unknown;
  };
  if (type === undefined) throw new MetaflowKeyError("environment_type", { key: code.path });
  if (type === "" || type === null) return undefined;
  if (WITHOUT_MANIFEST.includes(type)) return LOCAL;
  if (!WITH_MANIFEST.includes(type)) {
    throw new MetaflowInternalError(
      `The environment type ${JSON.stringify(type)} of the code package is not known`,
    );
  }
  const prefix = metadata.get("conda_env_prefix");
  return typeof prefix === "string" ? packagesOf(code, prefix, io) : {};
}

/** @param prefix where the environment was installed: `metaflow/<platform>/<id>` */
async function packagesOf(code: MetaflowCode, prefix: string, io?: IoOptions): Promise<unknown> {
  const bytes = await code.member(MANIFEST, io);
  if (bytes === undefined) throw new MetaflowKeyError(`filename '${MANIFEST}' not found`, { key: code.path });
  const [, platform = "", id = ""] = prefix.split("/");
  let found: unknown = parseJson(Buffer.from(bytes).toString("utf8"), `${MANIFEST} of the code package`);
  for (const name of [id, platform]) {
    const isThere = typeof found === "object" && found !== null && Object.hasOwn(found, name);
    if (!isThere) throw new MetaflowKeyError(name, { key: code.path });
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}
