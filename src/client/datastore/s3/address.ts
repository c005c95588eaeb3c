import { isIP } from "node:net";
import { escapeKey } from "../http.ts";

/** How a bucket is named in an address: in the path, in the host, or as it has to be. */
export type Addressing = "path" | "virtual" | "auto";

/** Names that can stand before a host with a certificate for one part more. */
const PART_OF_HOST = /^[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$/;

/** By which hosts the regions of each partition of AWS are reached; `amazonaws.com` for all others. */
const PARTITIONS: readonly (readonly [region: RegExp, host: string])[] = [
  [/^cn-/, "amazonaws.com.cn"],
  [/^us-iso-/, "c2s.ic.gov"],
  [/^us-isob-/, "sc2s.sgov.gov"],
  [/^eusc-/, "amazonaws.eu"],
];

/** Whether a text can be a region: it becomes part of a host's name. */
export function isRegion(text: string): boolean {
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/i.test(text);
}

/**
 * Where a bucket answers, without a slash at its end. Python: botocore's rules, which name the bucket in the path wherever an endpoint was given.
 * @param endpoint instead of AWS's own
 */
export function bucketUrl(
  bucket: string,
  region: string,
  endpoint: string | undefined,
  addressing: Addressing,
): string {
  const base = new URL(endpoint ?? `https://s3.${region}.${hostOf(region)}`);
  const mayBeHost = isIP(base.hostname) === 0 && !base.hostname.startsWith("[") && PART_OF_HOST.test(bucket);
  const isWanted = addressing === "virtual" || (addressing === "auto" && endpoint === undefined);
  const path = base.pathname.replace(/\/+$/, "");
  return mayBeHost && isWanted
    ? `${base.protocol}//${bucket}.${base.host}${path}`
    : `${base.protocol}//${base.host}${path}/${escapeKey(bucket)}`;
}

function hostOf(region: string): string {
  return PARTITIONS.find(([of]) => of.test(region))?.[1] ?? "amazonaws.com";
}
