/** Where a managed identity's tokens come from, on loopback: what IDENTITY_ENDPOINT names in Azure's App Service. */
import { createServer } from "node:http";
import { listen, portOf, stop } from "./loopback.mjs";

/** @typedef {{ path: string; headers: import("node:http").IncomingHttpHeaders }} Asked */

const SECRET = "a header that nobody else knows";

/** A token as Azurite takes it: it looks at what the token says and at no signature. @param {number} expires @param {number} number tells tokens apart */
function tokenOf(expires, number) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: "https://storage.azure.com",
    iss: "https://sts.windows.net/11111111-1111-1111-1111-111111111111/",
    iat: now - 60,
    nbf: now - 60,
    exp: expires,
    jti: String(number),
  };
  const encoded = [{ alg: "none", typ: "JWT" }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  return `${encoded.join(".")}.c2lnbmF0dXJl`;
}

/** One such place. */
export class AzureTokens {
  /** Every request so far. @type {Asked[]} */
  asked = [];
  /** How long a token is good, in seconds. */
  lifetime = 86_400;
  /** What is answered instead of a token. @type {{ status: number; body: string } | undefined} */
  instead;
  /** Takes requests and answers none. */
  isSilent = false;
  /** The token that was given last. */
  last = "";
  #given = 0;
  #server = createServer((request, response) => this.#serve(request, response));

  /** @returns {Promise<Record<string, string>>} the environment in which a program finds it */
  async start() {
    await listen(this.#server);
    return this.env;
  }

  get env() {
    return { IDENTITY_ENDPOINT: `http://127.0.0.1:${portOf(this.#server)}/token`, IDENTITY_HEADER: SECRET };
  }

  async stop() {
    await stop(this.#server);
  }

  /** A token that was not asked for. */
  give() {
    return (this.last = tokenOf(Math.floor(Date.now() / 1000) + this.lifetime, this.#given++));
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  #serve(request, response) {
    this.asked.push({ path: request.url ?? "", headers: request.headers });
    if (this.isSilent) return;
    const { status, body } = this.instead ?? this.#answer(request);
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  }

  /** @param {import("node:http").IncomingMessage} request */
  #answer(request) {
    if (request.headers["x-identity-header"] !== SECRET) return { status: 401, body: "{}" };
    const token = {
      access_token: this.give(),
      expires_on: String(Math.floor(Date.now() / 1000) + this.lifetime),
      resource: "https://storage.azure.com",
      token_type: "Bearer",
    };
    return { status: 200, body: JSON.stringify(token) };
  }
}
