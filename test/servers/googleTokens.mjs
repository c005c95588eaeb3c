/** Where Google gives out access tokens, on loopback: to accounts with a key, and as a machine's metadata server. Nothing is verified but the form. */
import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { listen, portOf, stop } from "./loopback.mjs";

/** @typedef {{ path: string; headers: import("node:http").IncomingHttpHeaders; body: string }} Asked */
/** @typedef {{ status: number; body: unknown; headers?: Record<string, string> }} Answer */

/** One such place. */
export class GoogleTokens {
  /** Every request so far. @type {Asked[]} */
  asked = [];
  /** How long a token is good, in seconds. */
  lifetime = 3600;
  /** What is answered instead of a token. @type {Answer | undefined} */
  instead;
  /** Takes requests and answers none. */
  isSilent = false;
  #given = 0;
  #server = createServer((request, response) => void this.#serve(request, response));

  /** @returns {Promise<string>} its address */
  async start() {
    await listen(this.#server);
    return this.url;
  }

  get url() {
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }

  async stop() {
    await stop(this.#server);
  }

  /** The token that was given last. */
  get last() {
    return `token-${this.#given}`;
  }

  /** Writes the file of a service account whose tokens come from here. @param {string} file @param {Record<string, unknown>} [more] */
  async writeAccount(file, more = {}) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const account = {
      type: "service_account",
      project_id: "tests",
      client_email: "tests@tests.iam.gserviceaccount.com",
      private_key_id: "1",
      private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
      token_uri: `${this.url}/token`,
      ...more,
    };
    await writeFile(file, JSON.stringify(account));
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #serve(request, response) {
    let body = "";
    for await (const chunk of request) body += chunk;
    const path = request.url ?? "";
    this.asked.push({ path, headers: request.headers, body });
    if (this.isSilent) return;
    const { status, body: said, headers } = this.#answer(path, request.headers);
    const text = typeof said === "string" ? said : JSON.stringify(said);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  }

  /** @param {string} path @param {import("node:http").IncomingHttpHeaders} headers @returns {Answer} */
  #answer(path, headers) {
    const flavor = { "metadata-flavor": "Google" };
    if (path === "/") return { status: 200, body: "computeMetadata/\n", headers: flavor };
    if (this.instead !== undefined) return this.instead;
    if (path.startsWith("/computeMetadata/") && headers["metadata-flavor"] !== "Google")
      return { status: 403, body: "Missing Metadata-Flavor:Google header." };
    this.#given++;
    const given = { token_type: "Bearer", expires_in: this.lifetime };
    if (path.endsWith(":generateAccessToken"))
      return {
        status: 200,
        body: {
          accessToken: this.last,
          expireTime: new Date(Date.now() + this.lifetime * 1000).toISOString(),
        },
      };
    return { status: 200, body: { ...given, access_token: this.last }, headers: flavor };
  }
}
