import type { Environment } from "../../config.ts";
import { AccessDenied, StoreUnreachable, messageOf } from "../../errors.ts";
import { HttpClient, textOf, type HttpAnswer } from "../../http/client.ts";
import { parseJson } from "../../metadata/parse.ts";
import { SCOPE, type TokenSource } from "./tokens.ts";

/** The address of every machine's metadata server in Google's cloud; without a name, which a resolver could take seconds not to find. */
const ADDRESS = "169.254.169.254";
/** On such a machine it answers in a millisecond; elsewhere nobody does, and somebody waits. */
const PROBE_MS = 1500;
/** A token for a workload of Kubernetes is asked for elsewhere first. */
const TOKEN_MS = 10_000;
/** A token that expires so soon is not used any more. */
const EARLY_MS = 60_000;
const MAX_BYTES = 1 << 16;
const FLAVOR = { "metadata-flavor": "Google" };

/** Where a session looks for a metadata server; `undefined` where it is told not to. */
export function metadataServerOf(env: Environment): string | undefined {
  if (env["NO_GCE_CHECK"] === "true") return undefined;
  const names = ["GCE_METADATA_HOST", "GCE_METADATA_ROOT", "GCE_METADATA_IP"];
  return names.map((name) => env[name]).find((host) => host !== undefined && host !== "") ?? ADDRESS;
}

/** The account of the machine itself, in Google's cloud. */
export class MetadataServer implements TokenSource {
  readonly description: string;
  readonly quotaProject = undefined;
  readonly #url: string;
  #known: { readonly token: string; readonly untilMs: number } | undefined;

  private constructor(host: string) {
    this.description = `the metadata server at ${host}`;
    this.#url = `http://${host}`;
  }

  /** The metadata server, if one answers there soon. */
  static async find(host: string, signal?: AbortSignal): Promise<MetadataServer | undefined> {
    const server = new MetadataServer(host);
    try {
      const { flavor } = await server.#ask("/", PROBE_MS, signal);
      return flavor === "Google" ? server : undefined;
    } catch {
      signal?.throwIfAborted();
      return undefined;
    }
  }

  async token(signal?: AbortSignal): Promise<string> {
    if (this.#known !== undefined && Date.now() < this.#known.untilMs) return this.#known.token;
    const path = `/computeMetadata/v1/instance/service-accounts/default/token?scopes=${encodeURIComponent(SCOPE)}`;
    const { status, body } = await this.#asked(path, signal);
    if (status === 429 || status >= 500) throw this.#unreachable(`it answers ${status}`);
    if (status !== 200)
      throw new AccessDenied(`${this.description} gives no token (${status}): ${body.trim().slice(0, 300)}`);
    const { access_token: token, expires_in: seconds } = parseJson(body, this.description);
    if (typeof token !== "string") throw this.#unreachable("its answer holds no token");
    this.#known = { token, untilMs: Date.now() + Number(seconds ?? 0) * 1000 - EARLY_MS };
    return token;
  }

  async #asked(path: string, signal?: AbortSignal): Promise<Answer> {
    try {
      return await this.#ask(path, TOKEN_MS, signal);
    } catch (cause) {
      signal?.throwIfAborted();
      throw this.#unreachable(messageOf(cause));
    }
  }

  /** One request with a connection of its own: there is one an hour. */
  async #ask(path: string, withinMs: number, signal?: AbortSignal): Promise<Answer> {
    const http = new HttpClient({ connections: 1 });
    try {
      const limit = AbortSignal.timeout(withinMs);
      const both = signal === undefined ? limit : AbortSignal.any([signal, limit]);
      const answer = await http.send({ method: "GET", url: this.#url + path, headers: FLAVOR }, both);
      return { status: answer.status, flavor: flavorOf(answer), body: await textOf(answer, MAX_BYTES) };
    } finally {
      http.close();
    }
  }

  #unreachable(why: string): StoreUnreachable {
    return new StoreUnreachable(`${this.description} gives no token: ${why}`);
  }
}

interface Answer {
  readonly status: number;
  readonly flavor: string | undefined;
  readonly body: string;
}

function flavorOf(answer: HttpAnswer): string | undefined {
  return answer.header("metadata-flavor");
}
