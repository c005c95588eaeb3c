/** A key and a certificate for 127.0.0.1 that nobody vouches for, made anew each time: no key lies in the repository. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mustRun } from "../../tools/process.mjs";

const SCRIPT = fileURLToPath(new URL("certificate.py", import.meta.url));

/**
 * @param {string} python an interpreter with `cryptography`
 * @param {string} folder where both are written
 * @returns {Promise<{ key: string; cert: string; keyFile: string; file: string }>} both as PEM, and where they lie
 */
export async function makeCertificate(python, folder) {
  const [keyFile, file] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  await mustRun(python, [SCRIPT, keyFile, file]);
  return { key: await readFile(keyFile, "utf8"), cert: await readFile(file, "utf8"), keyFile, file };
}
