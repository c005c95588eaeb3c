import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent, type AgentOptions } from "node:https";
import type { Environment } from "../config.ts";
import { proxyFor } from "./proxy.ts";

/** The environment names a proxy that cannot be used. */
class ProxyError extends Error {
  readonly code = "proxy";
}

/**
 * The connections of a client: to the hosts themselves, or to the proxies that an environment names for them. In the editor its own settings go before
 * these: it stands between Node's http and the agents.
 */
export class Agents {
  readonly #env: Environment;
  readonly #options: AgentOptions;
  readonly #direct: { readonly "http:": HttpAgent; readonly "https:": HttpAgent };
  /** By the scheme of what is asked for and the proxy. */
  readonly #proxied = new Map<string, HttpAgent>();

  constructor(env: Environment, options: AgentOptions) {
    this.#env = env;
    this.#options = options;
    this.#direct = { "http:": new HttpAgent(options), "https:": new HttpsAgent(options) };
  }

  /** The agent for a URL. Throws ProxyError for a proxy that is not one for HTTP. */
  async of(url: string): Promise<HttpAgent> {
    const scheme = url.startsWith("https:") ? "https:" : "http:";
    const proxy = proxyFor(url, this.#env);
    if (proxy === undefined) return this.#direct[scheme];
    const key = `${scheme} ${proxy}`;
    const made = this.#proxied.get(key) ?? (await proxyAgent(scheme, proxy, this.#options));
    // Somebody may have made one meanwhile.
    const agent = this.#proxied.get(key) ?? made;
    this.#proxied.set(key, agent);
    return agent;
  }

  /** Closes what is kept open. */
  close(): void {
    for (const agent of [...Object.values(this.#direct), ...this.#proxied.values()]) agent.destroy();
  }
}

/** Loaded on first use: few need one. */
async function proxyAgent(
  scheme: "http:" | "https:",
  proxy: string,
  options: AgentOptions,
): Promise<HttpAgent> {
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol)) {
    // Without what may be a password.
    throw new ProxyError(`the proxy for ${scheme}// that the environment names is no HTTP proxy`);
  }
  if (scheme === "http:") {
    const { HttpProxyAgent } = await import("http-proxy-agent");
    return new HttpProxyAgent(proxy, options);
  }
  const { TunnelAgent } = await import("./tunnel.ts");
  return new TunnelAgent(proxy, options);
}
