import type { ImageType } from "../protocol/image.ts";

/** What the first bytes of an image file say. */
export interface ImageHead {
  readonly type: ImageType;
  readonly width: number;
  readonly height: number;
}

/** The kind of image that bytes begin as, by its signature; `undefined` for what is none. SVG is a text, not an image. */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  const begins = (text: string, at = 0): boolean =>
    String.fromCharCode(...bytes.subarray(at, at + text.length)) === text;
  if (begins("\x89PNG\r\n\x1a\n")) return "image/png";
  if (begins("\xff\xd8\xff")) return "image/jpeg";
  if (begins("GIF87a") || begins("GIF89a")) return "image/gif";
  if (begins("RIFF") && begins("WEBP", 8)) return "image/webp";
  // Two letters are no signature yet: the four bytes that must be 0 are.
  if (begins("BM") && begins("\0\0\0\0", 6)) return "image/bmp";
  return undefined;
}

/** How large the image is that a file begins as; `undefined` where its beginning does not say. */
export function imageHead(bytes: Uint8Array): ImageHead | undefined {
  const type = imageType(bytes);
  const size = type && SIZE_OF[type](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return type && size && { type, width: size[0], height: size[1] };
}

type Size = readonly [width: number, height: number];

const SIZE_OF: Readonly<Record<ImageType, (view: DataView) => Size | undefined>> = {
  // The first chunk is IHDR.
  "image/png": (view) => (view.byteLength < 24 ? undefined : [view.getUint32(16), view.getUint32(20)]),
  "image/gif": (view) =>
    view.byteLength < 10 ? undefined : [view.getUint16(6, true), view.getUint16(8, true)],
  // A negative height: the rows come from the top.
  "image/bmp": (view) =>
    view.byteLength < 26 ? undefined : [Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true))],
  "image/webp": webpSize,
  "image/jpeg": jpegSize,
};

/** By the first chunk: extended, lossless or lossy. */
function webpSize(view: DataView): Size | undefined {
  if (view.byteLength < 30) return undefined;
  switch (view.getUint32(12)) {
    case 0x56503858: // "VP8X"
      return [1 + (view.getUint32(23, true) >>> 8), 1 + (view.getUint32(26, true) >>> 8)];
    case 0x5650384c: {
      // "VP8L": 14 bits each
      const bits = view.getUint32(21, true);
      return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)];
    }
    default:
      return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  }
}

/** By the first start-of-frame among the segments. */
function jpegSize(view: DataView): Size | undefined {
  for (let at = 2; at + 9 < view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    // Fill bytes, and markers without a segment.
    const isBare = marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += marker === 0xff ? 1 : isBare ? 2 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}
