import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";

/** A file's content: text as it is, bytes that are no text as `[base64]`. */
type Content = string | readonly [string];

/**
 * Unpacks the example that comes with the extension and gives the folder that holds its `.metaflow`. What is there already stays.
 * @param archive `example.json.br`, as the build wrote it
 * @param target made when it is missing; whole or not at all
 */
export async function unpackExample(archive: string, target: string): Promise<string> {
  if (await exists(join(target, ".metaflow"))) return target;
  // Another window may be unpacking too: each works in a folder of its own, and the first one to be done wins.
  const making = `${target}.${process.pid}`;
  const json = await promisify(brotliDecompress)(await readFile(archive));
  const files = JSON.parse(json.toString("utf8")) as Record<string, Content>;
  try {
    for (const [path, content] of Object.entries(files)) {
      const file = join(making, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, typeof content === "string" ? content : Buffer.from(content[0], "base64"));
    }
    await rm(target, { recursive: true, force: true });
    await rename(making, target);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return target;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
