/**
 * A thread that asks Azure's own library for one token. The library reads the environment of its process, and so do the programs that it starts
 * (az, azd, PowerShell): a thread can be given the session's. Plain JavaScript, because Node 20 begins a thread with nothing else.
 */
import { parentPort, workerData } from "node:worker_threads";

/** The file to begin the thread with. */
export const THREAD = import.meta.url;

/**
 * @typedef {{ readonly scope: string; readonly ca: string | undefined }} TokenWanted
 * What came of it. `missing`: no source has credentials, what each of them says; `refused`: one has, and they were refused.
 * @typedef {{ readonly token: string; readonly expiresMs: number } | { readonly missing: readonly string[] } | { readonly refused: string }} TokenOutcome
 */

/** In milliseconds, for each program that is started. */
const PROGRAM_MS = 15_000;
/** Whoever looks at a screen waits; the caller tries again. */
const RETRIES = 1;

/** @param {TokenWanted} wanted @returns {Promise<TokenOutcome>} */
async function ask({ scope, ca }) {
  const { DefaultAzureCredential } = await import("@azure/identity");
  try {
    const credential = new DefaultAzureCredential({
      processTimeoutInMs: PROGRAM_MS,
      retryOptions: { maxRetries: RETRIES },
      ...(ca !== undefined && { tlsOptions: { ca } }),
    });
    const { token, expiresOnTimestamp } = await credential.getToken(scope);
    return { token, expiresMs: expiresOnTimestamp };
  } catch (error) {
    return outcomeOf(error);
  }
}

/** @param {unknown} error @returns {TokenOutcome} */
function outcomeOf(error) {
  const { name, message, errors } = /** @type {Error & { errors?: readonly Error[] }} */ (error);
  if (errors !== undefined) return { missing: errors.map(({ message: said }) => said) };
  return name === "CredentialUnavailableError" ? { missing: [message] } : { refused: message };
}

/** @type {unknown} */
const data = workerData;
if (parentPort !== null && typeof data === "object" && data !== null && "azureToken" in data) {
  const port = parentPort;
  void ask(/** @type {TokenWanted} */ (data.azureToken)).then((outcome) => port.postMessage(outcome));
}
