import type { MetaflowConfig } from "../../config.ts";
import { readCertificates } from "../certificates.ts";

/** Where Python's HTTP library looks for certificates of one's own, in this order. */
const VARIABLES = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"] as const;

/**
 * The certificates that are trusted instead of the well-known ones, in PEM, as Metaflow's Python takes them: a company's, or a test's.
 * `undefined` where none are named. Throws DatastoreError for a file that cannot be read.
 */
export async function certificatesOf({ env, cwd }: MetaflowConfig): Promise<string | undefined> {
  const variable = VARIABLES.find((name) => (env[name] ?? "") !== "");
  return variable && readCertificates(cwd, env[variable] ?? "", variable);
}
