import type { PyNode } from "../pickle/index.ts";
import type { Image } from "../protocol/image.ts";
import { imageHead } from "./imageFile.ts";

/** Bytes of a file, and pixels that a page makes of it, at most. */
const MOST_BYTES = 1 << 26;
const MOST_PIXELS = 1 << 26;
/** Bytes that tell how large an image is: in a JPEG they may stand behind a preview. */
const HEAD_BYTES = 1 << 18;

/** What the preview of Pillow's image begins with, of a mode that can be shown: the colours of `LAB` depend on profiles. */
const PICTURE = /^<\w+ (1|LA?|La|PA?|RGB[AaX]?|CMYK|YCbCr|HSV|F|I|I;16[BL]?) of /;

/** Whether a value is an image of Pillow. */
export function isPicture({ type, shape, preview }: PyNode): boolean {
  return type.startsWith("PIL.") && shape !== undefined && !shape.includes(0) && PICTURE.test(preview);
}

/** A value as an image: a file that a page can show, the pixels of an array or of Pillow; `null` for every other value. */
export async function imageOf(node: PyNode, signal: AbortSignal): Promise<Image | null> {
  if (isPicture(node)) return (await import("./picture.ts")).pictureOf(node, signal);
  if (node.shape !== undefined) return (await import("./pixels.ts")).pixelsOf(node, signal);
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
