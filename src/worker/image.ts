import type { PyNode } from "../pickle/index.ts";
import type { Image } from "../protocol/image.ts";
import { imageHead } from "./imageFile.ts";
import { pixelsOf } from "./pixels.ts";

/** Bytes of a file, and pixels that a page makes of it, at most. */
const MOST_BYTES = 1 << 26;
const MOST_PIXELS = 1 << 26;
/** Bytes that tell how large an image is: in a JPEG they may stand behind a preview. */
const HEAD_BYTES = 1 << 18;

/** A value as an image: a file that a page can show, or an array's pixels; `null` for every other value. */
export async function imageOf(node: PyNode, signal: AbortSignal): Promise<Image | null> {
  if (node.shape !== undefined) return pixelsOf(node, signal);
  const head = imageHead(node.beginning(HEAD_BYTES) ?? new Uint8Array());
  if (head === undefined || node.type === "str") return null;
  const sizeBytes = node.length ?? 0;
  const { type, width, height } = head;
  if (sizeBytes > MOST_BYTES || width * height > MOST_PIXELS)
    return { kind: "large", width, height, sizeBytes };
  const bytes = await node.bytes();
  signal.throwIfAborted();
  return bytes === undefined ? null : { kind: "file", type, width, height, bytes };
}
