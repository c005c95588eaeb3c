import { realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isFolder } from "../base/files.ts";
import { findUpwards, type MetaflowConfig } from "./config.ts";
import { configuredHeaders } from "./credentials.ts";
import { MetaflowConfigError } from "./errors.ts";
import { LocalMetadata } from "./metadata/local.ts";
import type { ServiceMetadata } from "./metadata/service.ts";
import type { MetadataProvider } from "./metadata/provider.ts";

/** Where metadata are: in a folder, in a folder of `spin`, at a service. */
export type MetadataType = "local" | "spin" | "service";

const LOCAL_FOLDER = { local: ".metaflow", spin: ".metaflow_spin" } as const;

/** The kind of metadata that a text names, and the place behind it: empty where only the kind is named. Python: `_metadata(ms)`. */
export function parseMetadata(ms: unknown): { readonly type: MetadataType; readonly place: string } {
  if (typeof ms !== "string") {
    throw new MetaflowConfigError(
      `Metadata are named by text such as 'local@/path', not of type ${typeof ms}`,
    );
  }
  const named = /^(local|spin|service)(?:@(.*))?$/s.exec(ms);
  if (named !== null) return { type: named[1] as MetadataType, place: named[2] ?? "" }; // As in the expression.
  return { type: ms.startsWith("http") ? "service" : "local", place: ms };
}

/**
 * The provider that a text names: `local@/path`, `spin@/path`, `service@http://…`, a URL, or a path; a kind without a place is the
 * configured one. Python: `metadata(ms)`. Throws MetaflowConfigError where Python raises ValueError.
 */
export async function openProvider(ms: string, config: MetaflowConfig): Promise<MetadataProvider> {
  const { type, place } = parseMetadata(ms);
  if (place === "") return openConfiguredProvider(type, config);
  if (type === "service") return reached(await openService(place, config));
  const name = LOCAL_FOLDER[type];
  const folder = join(resolve(config.cwd, place), name);
  if (!(await isFolder(folder))) {
    throw new MetaflowConfigError(`Could not find directory ${name} in directory ${place}`, { key: folder });
  }
  return new LocalMetadata(await realpath(folder), `${type}@${place}`, type);
}

/** The kind of metadata that the configuration names. */
export function defaultType(config: MetaflowConfig): MetadataType {
  const type = config.get("DEFAULT_METADATA");
  return type === "service" || type === "spin" ? type : "local";
}

/** The provider that the configuration names. */
export async function openDefaultProvider(config: MetaflowConfig): Promise<MetadataProvider> {
  return openConfiguredProvider(defaultType(config), config);
}

/** The provider of a kind at its configured place; for local metadata the first `.metaflow` at or above the working directory. */
async function openConfiguredProvider(type: MetadataType, config: MetaflowConfig): Promise<MetadataProvider> {
  if (type === "service") return openService(config.get("SERVICE_URL") ?? "", config);
  const name = LOCAL_FOLDER[type];
  const sysroot = config.get(type === "spin" ? "DATASTORE_SYSROOT_SPIN" : "DATASTORE_SYSROOT_LOCAL");
  if (sysroot !== undefined) {
    // Told as it was given, as Python does, but for slashes at its end.
    return new LocalMetadata(
      resolve(config.cwd, sysroot, name),
      `${type}@${sysroot.replace(/(?<=[^/])\/+$/, "")}`,
      type,
    );
  }
  const root = await findUpwards(config.cwd, name);
  if (root !== undefined) return new LocalMetadata(root, `${type}@${dirname(root)}`, type);
  // Nothing is created by reading: the place where a writer would put it is shown as empty.
  const none = `${type}@<No ${name} directory found in current working tree>`;
  return new LocalMetadata(join(config.cwd, name), none, type);
}

/** Where METAFLOW_SERVICE_RETRY_COUNT says nothing. */
const SERVICE_TRIES = 5;

/** Loaded on first use: who reads local data needs no HTTP. */
async function openService(address: string, config: MetaflowConfig): Promise<ServiceMetadata> {
  const url = address.replace(/\/+$/, "");
  if (url === "") {
    throw new MetaflowConfigError(
      "Missing Metaflow Service URL. Specify with METAFLOW_SERVICE_URL environment variable",
    );
  }
  if (!/^https?:\/\/[^/]/.test(url)) {
    throw new MetaflowConfigError(
      `'${address}' is not the address of a metadata service: it must begin with http:// or https://`,
    );
  }
  const tries = config.wholeNumber("SERVICE_RETRY_COUNT") ?? SERVICE_TRIES;
  const { headers, key } = configuredHeaders(config, url);
  const [{ ServiceMetadata }, { ServiceKey }, { HttpClient }] = await Promise.all([
    import("./metadata/service.ts"),
    import("./metadata/serviceKey.ts"),
    import("./http/client.ts"),
  ]);
  return new ServiceMetadata(
    { url, headers, tries, key: new ServiceKey(url, key, config.credentials) },
    new HttpClient({ env: config.env }),
  );
}

/** One that is chosen by hand has to be there. Python: `compute_info`. */
async function reached(service: ServiceMetadata): Promise<MetadataProvider> {
  try {
    await service.ping();
    return service;
  } catch (cause) {
    await service.close();
    throw new MetaflowConfigError(`Metaflow service [${service.url}] unreachable.`, { cause });
  }
}
