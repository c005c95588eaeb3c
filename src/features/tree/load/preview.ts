import type { IoOptions } from "../../../base/io.ts";
import type { DataArtifact } from "../../../client/index.ts";

/** A small value as text; `undefined` where it cannot be decoded: opening it then says why. */
export async function readPreview(artifact: DataArtifact, io: IoOptions): Promise<string | undefined> {
  try {
    const document = await artifact.open(io);
    try {
      await document.complete;
      return document.root.preview;
    } finally {
      document.close();
    }
  } catch (error) {
    if (io.signal?.aborted === true) throw error;
    return undefined;
  }
}
