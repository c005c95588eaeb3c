import { AwsV4Signer } from "aws4fetch";
import type { HttpRequest } from "../../http/client.ts";

/** What a request to AWS is signed with. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** From then on they are worth nothing; `undefined`: nobody knows. */
  readonly expiration?: Date | undefined;
}

/** For what a signature is good: one region, a quarter of an hour. */
export interface Scope {
  readonly region: string;
  readonly date: Date;
}

/** SHA-256 of nothing. */
const NO_BODY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** A request without a body, as all that read are, with AWS's signature (version 4) in its headers. */
export async function sign(request: HttpRequest, keys: Keys, { region, date }: Scope): Promise<HttpRequest> {
  const { method, url, headers } = request;
  const signer = new AwsV4Signer({
    method,
    url,
    headers: { ...headers, "x-amz-content-sha256": NO_BODY },
    accessKeyId: keys.accessKeyId,
    secretAccessKey: keys.secretAccessKey,
    ...(keys.sessionToken !== undefined && { sessionToken: keys.sessionToken }),
    service: "s3",
    region,
    datetime: date.toISOString().replaceAll(/[:-]|\.\d{3}/g, ""),
  });
  const signed = await signer.sign();
  return { ...request, headers: Object.fromEntries(signed.headers) };
}

/** Whose key a request was signed with. */
export function signerOf({ headers }: HttpRequest): string | undefined {
  return /Credential=([^/]*)\//.exec(headers?.["authorization"] ?? "")?.[1];
}
