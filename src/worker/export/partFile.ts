import { open, rename, rm } from "node:fs/promises";

/**
 * Writes a file beside its place and moves it there at the end: it is there whole or not at all. Whoever writes is awaited, so no more is held than
 * what was written last.
 */
export async function writeFileWhole(
  path: string,
  fill: (write: (data: Uint8Array | string) => Promise<void>) => Promise<void>,
): Promise<number> {
  const partial = `${path}.partial`;
  let sizeBytes = 0;
  try {
    const file = await open(partial, "w");
    try {
      await fill(async (data) => {
        const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : data;
        await file.writeFile(bytes);
        sizeBytes += bytes.length;
      });
    } finally {
      await file.close();
    }
    await rename(partial, path);
    return sizeBytes;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
