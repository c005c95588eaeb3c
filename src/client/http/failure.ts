import type { Again } from "./retry.ts";

/** A host whose certificate is not trusted now will not be trusted in a second. Codes of Node's TLS. */
const CERTIFICATE = /^(?:CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_|ERR_TLS_CERT_)/;

/** A request that got no answer, or not all of it. */
export class HttpFailure extends Error {
  /** `ECONNREFUSED`, `ENOTFOUND`, …; `timeout` where nothing came for too long; `proxy` where the environment names a wrong one. */
  readonly reason: string;

  constructor(reason: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "HttpFailure";
    this.reason = reason;
  }

  /** Whether another try may help; `undefined`: none does. */
  get again(): Again | undefined {
    if (this.reason === "proxy" || CERTIFICATE.test(this.reason)) return undefined;
    return this.reason === "timeout" ? { atMost: 2 } : {};
  }
}
