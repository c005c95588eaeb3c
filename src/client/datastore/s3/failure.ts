import {
  AccessDenied,
  CredentialsMissing,
  StoreUnreachable,
  messageOf,
  type MetaflowError,
} from "../../errors.ts";

/** What AWS's library throws, as far as it tells. */
interface Failed {
  readonly name?: string;
  readonly $fault?: "client" | "server";
  readonly $retryable?: object;
}

/**
 * A failure of AWS's library to get keys, in the client's classes. Its cause is left out, which holds the request, and the command of a
 * `credential_process`, which may hold a secret.
 * @param whose `of the profile 'x'`
 */
export function failureOf(cause: unknown, whose: string): MetaflowError {
  const said = messageOf(cause)
    .replace(/^Command failed: .*\n?/, "the credential_process fails: ")
    .trim();
  const { name, $fault, $retryable } = cause as Failed;
  if ($fault === "client" && $retryable === undefined)
    return new AccessDenied(`AWS refuses the credentials ${whose}: ${said}`);
  if ($fault === undefined && name !== undefined && /^(?:Credentials|Token)ProviderError$/.test(name))
    return new CredentialsMissing(`the credentials ${whose} cannot be used: ${said}`);
  return new StoreUnreachable(`AWS gives no keys for the credentials ${whose}: ${said}`);
}
