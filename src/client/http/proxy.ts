import { BlockList, isIP } from "node:net";
import type { Environment } from "../config.ts";

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/**
 * The proxy that an environment names for a URL; `undefined` where it is to be asked directly. The rules of curl and Python's requests: the scheme's
 * own variable, else ALL_PROXY, each in lower case first; a proxy without a scheme is an HTTP proxy.
 */
export function proxyFor(url: string, env: Environment): string | undefined {
  const target = new URL(url);
  const named = variable(env, `${target.protocol.slice(0, -1)}_proxy`) ?? variable(env, "all_proxy");
  if (named === undefined || isExempt(target, variable(env, "no_proxy") ?? "")) return undefined;
  return named.includes("://") ? named : `http://${named}`;
}

function variable(env: Environment, name: string): string | undefined {
  const value = (env[name] ?? env[name.toUpperCase()] ?? "").trim();
  return value === "" ? undefined : value;
}

/** Whether NO_PROXY names a host: by `*`, its address or a network of addresses, its name, a domain that it lies in; each with or without a port. */
function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.replaceAll(/^\[|\]$/g, "").toLowerCase();
  const ownPort = port === "" ? DEFAULT_PORTS[protocol] : port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = "", wanted] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [entry, entry];
      return (wanted === undefined || wanted === ownPort) && names(name.replaceAll(/^\[|\]$/g, ""), host);
    });
}

function names(entry: string, host: string): boolean {
  if (isIP(host) !== 0) return entry === host || isInNetwork(host, entry);
  const domain = entry.replace(/^\*?\./, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

function isInNetwork(address: string, entry: string): boolean {
  const [network = "", prefix = ""] = entry.split("/");
  const [family, length] = [isIP(network), Number(prefix)];
  if (family === 0 || family !== isIP(address) || prefix === "" || !(length <= (family === 4 ? 32 : 128)))
    return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, length, type);
  return list.check(address, type);
}
