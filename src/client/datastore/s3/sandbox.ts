import type { MetaflowConfig } from "../../config.ts";
import { AccessDenied, CredentialsMissing, StoreUnreachable, messageOf } from "../../errors.ts";
import { HttpClient, textOf } from "../../http/client.ts";
import { HttpFailure } from "../../http/failure.ts";
import { parseJson } from "../../metadata/parse.ts";
import type { Keys } from "./sign.ts";

const MOST_BYTES = 1 << 16;

/** The keys of Metaflow's sandbox, which its metadata service gives. Python: `Boto3ClientProvider.get_client`. */
export async function sandboxKeys(config: MetaflowConfig, signal: AbortSignal): Promise<Keys> {
  const url = `${(config.get("SERVICE_URL") ?? "").replace(/\/+$/, "")}/auth/token`;
  const key = config.get("AWS_SANDBOX_API_KEY") ?? "";
  if (!/^https?:\/\//.test(url) || key === "") {
    throw new CredentialsMissing(
      "the sandbox's keys cannot be asked for: METAFLOW_SERVICE_URL and METAFLOW_AWS_SANDBOX_API_KEY must be set with METAFLOW_AWS_SANDBOX_ENABLED",
    );
  }
  const { status, body } = await ask(config, url, key, signal);
  if (status === 401 || status === 403)
    throw new AccessDenied(`the sandbox refuses METAFLOW_AWS_SANDBOX_API_KEY: ${url} answers ${status}`);
  if (status >= 300) throw new StoreUnreachable(`the sandbox gives no keys: ${url} answers ${status}`);
  const keys = keysIn(body);
  if (keys === undefined) throw new StoreUnreachable(`the sandbox gives no keys: ${url} answers without any`);
  return keys;
}

async function ask(
  { env }: MetaflowConfig,
  url: string,
  key: string,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly body: string }> {
  const http = new HttpClient({ connections: 1, env });
  try {
    const answer = await http.send({ method: "GET", url, headers: { "x-api-key": key } }, signal);
    return { status: answer.status, body: await textOf(answer, MOST_BYTES) };
  } catch (cause) {
    if (!(cause instanceof HttpFailure)) throw cause;
    throw new StoreUnreachable(`the sandbox gives no keys: ${url} does not answer (${messageOf(cause)})`, {
      cause,
    });
  } finally {
    http.close();
  }
}

/** What boto3 makes a session of. */
function keysIn(body: string): Keys | undefined {
  let json: ReturnType<typeof parseJson>;
  try {
    json = parseJson(body, "the sandbox's answer");
  } catch {
    return undefined; // Without its text, which may hold a secret.
  }
  const {
    aws_access_key_id: accessKeyId,
    aws_secret_access_key: secretAccessKey,
    aws_session_token: token,
  } = json;
  if (typeof accessKeyId !== "string" || typeof secretAccessKey !== "string") return undefined;
  return { accessKeyId, secretAccessKey, ...(typeof token === "string" && { sessionToken: token }) };
}
