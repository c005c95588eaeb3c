/** Those who give keys to AWS: an instance's metadata, a container's agent, single sign-on, a role for a web identity, Metaflow's sandbox. All of them on one loopback address. */
import { createServer } from "node:http";
import { listen, stop } from "./loopback.mjs";

/** @typedef {{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }} Keys */

export class AwsKeys {
  /** What is given to whoever asks rightly. @type {Keys} */
  keys;
  /** For how long, in seconds. */
  lifetime = 3600;
  /** Paths of all requests so far. @type {string[]} */
  asked = [];
  /** Takes requests and never answers. */
  isSilent = false;
  #server = createServer((request, response) => void this.#serve(request, response));

  /** @param {Keys} keys */
  constructor(keys) {
    this.keys = keys;
  }

  /** @returns {Promise<string>} its address */
  async start() {
    return `http://127.0.0.1:${await listen(this.#server)}`;
  }

  async stop() {
    await stop(this.#server);
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #serve(request, response) {
    const { method, url = "/", headers } = request;
    const { pathname } = new URL(url, "http://127.0.0.1");
    this.asked.push(`${method} ${pathname}`);
    if (this.isSilent) return;
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const [status, body] = this.#answer(`${method} ${pathname}`, headers, form);
    const isXml = typeof body === "string" && body.startsWith("<");
    response.writeHead(status, { "content-type": isXml ? "text/xml" : "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }

  /** @param {string} asked @param {import("node:http").IncomingHttpHeaders} headers @param {URLSearchParams} form @returns {[number, unknown]} */
  #answer(asked, headers, form) {
    const { accessKeyId, secretAccessKey, sessionToken = "" } = this.keys;
    const ends = new Date(Date.now() + this.lifetime * 1000);
    const metadata = {
      Code: "Success",
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration: ends.toISOString().replace(/\.\d+/, ""),
    };
    const isOurs = headers["x-aws-ec2-metadata-token"] === "instance";
    switch (asked) {
      case "PUT /latest/api/token":
        return [200, "instance"];
      case "GET /latest/meta-data/iam/security-credentials/":
        return isOurs ? [200, "role"] : [401, ""];
      case "GET /latest/meta-data/iam/security-credentials/role":
        return isOurs ? [200, metadata] : [401, ""];
      case "GET /container":
        return headers.authorization === "container"
          ? [200, metadata]
          : [403, { Code: "AccessDenied", Message: "no" }];
      case "GET /federation/credentials":
        return headers["x-amz-sso_bearer_token"] === "sso"
          ? [
              200,
              { roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration: ends.getTime() } },
            ]
          : [401, { message: "Session token not found or invalid" }];
      case "POST /":
        return form.get("WebIdentityToken") === "pod" && form.get("Action") === "AssumeRoleWithWebIdentity"
          ? [200, roleXml(this.keys, ends)]
          : [
              400,
              "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>Not yours.</Message></Error></ErrorResponse>",
            ];
      case "GET /auth/token":
        return headers["x-api-key"] === "sandbox"
          ? [
              200,
              {
                aws_access_key_id: accessKeyId,
                aws_secret_access_key: secretAccessKey,
                aws_session_token: sessionToken,
              },
            ]
          : [403, { message: "Forbidden" }];
      default:
        return [404, ""];
    }
  }
}

/** @param {Keys} keys @param {Date} ends */
function roleXml({ accessKeyId, secretAccessKey, sessionToken }, ends) {
  const keys = `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken><Expiration>${ends.toISOString()}</Expiration>`;
  return `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>${keys}</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
}
