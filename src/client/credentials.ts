import type { IoOptions } from "../base/io.ts";
import type { MetaflowConfig } from "./config.ts";

/** What a key is wanted for. */
export interface KeyQuestion {
  /** The address of the service. The key is sent there and nowhere else. */
  readonly url: string;
  /** Whether the service has refused what it was sent, or that nothing was. */
  readonly refused: boolean;
}

/** Where keys come from that no configuration holds. */
export interface CredentialSource {
  /** The key of a metadata service; `undefined` where there is none, or none but the one that was refused. */
  serviceKey(about: KeyQuestion, io?: IoOptions): Promise<string | undefined>;
}

/** What the configuration has for a service. */
export interface ServiceHeaders {
  /** Without the key. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as `x-api-key`. */
  readonly key: string | undefined;
}

const KEY = "x-api-key";

/**
 * METAFLOW_SERVICE_HEADERS and METAFLOW_SERVICE_AUTH_KEY, where they are for this service. They belong to the address that stands beside them:
 * one that is typed, or that a project names, is not sent what is a profile's (Python sends it anywhere).
 */
export function configuredHeaders(config: MetaflowConfig, url: string): ServiceHeaders {
  const all = belongsTo(config, "SERVICE_HEADERS", url) ? (config.object("SERVICE_HEADERS") ?? {}) : {};
  const given = Object.entries(all).map(([name, value]) => [name, String(value)] as const);
  const own = given.find(([name]) => name.toLowerCase() === KEY)?.[1];
  const key = belongsTo(config, "SERVICE_AUTH_KEY", url) ? config.get("SERVICE_AUTH_KEY") : undefined;
  return {
    headers: Object.fromEntries(given.filter(([name]) => name.toLowerCase() !== KEY)),
    key: key === undefined || key === "" ? own : key,
  };
}

function belongsTo(config: MetaflowConfig, setting: string, url: string): boolean {
  const layer = config.layerOf(setting);
  if (layer === undefined) return false;
  // What stands beside it; an address in the person's own environment goes before that; else whatever there is.
  const beside = [config.getFrom(layer, "SERVICE_URL"), config.getFrom("environment", "SERVICE_URL")];
  const named = beside.some((address) => address !== undefined) ? beside : [config.get("SERVICE_URL")];
  const owners = named.filter((address) => address !== undefined);
  return owners.length === 0 || owners.some((address) => originOf(address) === originOf(url));
}

function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return url;
  }
}
