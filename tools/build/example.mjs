/** The example that the extension shows to people who have no datastore: a part of the samples, as one file. */
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { ARCHIVE } from "../samples.mjs";

// Flows of different shapes and endings; the large ones would make the extension twice as heavy.
const FLOWS = ["TrainFlow", "RouteFlow", "TuneFlow", "IngestFlow", "CatalogFlow"];

/**
 * Writes `example.json.br`: paths with their content, as JSON under Brotli: text as it is, bytes that are no text as `[base64]`.
 * @param {string} outdir
 */
export async function buildExample(outdir) {
  const file = join(outdir, "example.json.br");
  if (await isNewer(file, ARCHIVE)) return;
  const { list } = await import("tar");
  /** @type {Record<string, string | [string]>} */
  const files = {};
  await list({
    file: ARCHIVE,
    filter: (path) => FLOWS.some((flow) => path.startsWith(`.metaflow/${flow}/`)),
    onReadEntry: (entry) => {
      /** @type {Buffer[]} */
      const chunks = [];
      entry.on("data", (chunk) => chunks.push(chunk));
      entry.on("end", () => {
        files[entry.path] = contentOf(Buffer.concat(chunks));
      });
    },
  });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 };
  await mkdir(outdir, { recursive: true });
  await writeFile(file, await promisify(brotliCompress)(JSON.stringify(files), { params }));
}

/**
 * @param {Buffer} bytes
 * @returns {string | [string]}
 */
function contentOf(bytes) {
  const text = bytes.toString("utf8");
  return Buffer.from(text).equals(bytes) ? text : [bytes.toString("base64")];
}

/**
 * @param {string} file
 * @param {string} source
 */
async function isNewer(file, source) {
  const [made, from] = await Promise.all([stat(file).catch(() => undefined), stat(source)]);
  return made !== undefined && made.mtimeMs > from.mtimeMs;
}
