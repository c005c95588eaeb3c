import type { ClientRequest } from "node:http";
import type { AgentOptions } from "node:https";
import type { Socket } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { HttpsProxyAgent } from "https-proxy-agent";

type Target = Parameters<HttpsProxyAgent<string>["connect"]>[1];

/**
 * Connections through a proxy to hosts that have to show a certificate. The package keeps whose certificates are trusted for the proxy alone, and
 * takes a host that is named by its number for `localhost`.
 */
export class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #trust: Pick<AgentOptions, "ca" | "rejectUnauthorized">;

  constructor(proxy: string, options: AgentOptions) {
    super(proxy, options);
    const { ca, rejectUnauthorized } = options;
    this.#trust = {
      ...(ca !== undefined && { ca }),
      ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
    };
  }

  override async connect(request: ClientRequest, target: Target): Promise<Socket> {
    if (!target.secureEndpoint) return super.connect(request, target);
    const { host = "" } = target;
    return super.connect(request, {
      ...target,
      ...this.#trust,
      checkServerIdentity: (_: string, certificate: PeerCertificate) =>
        checkServerIdentity(host, certificate),
    });
  }
}
