import { describe, expect, it } from "vitest";
import { imageHead, imageType } from "../../../src/worker/imageFile.ts";

// The beginnings of 7 x 5 images that Pillow 11 wrote.
const FILES = {
  "image/png": "89504e470d0a1a0a0000000d4948445200000007000000050802000000",
  "image/gif": "474946383761070005008100000000",
  "image/bmp": "424dae000000000000003600000028000000070000000500000001001800",
  "image/jpeg":
    "ffd8ffe000104a46494600010100000100010000ffdb004300" +
    "00".repeat(64) +
    "ffc00011080005000703011100021101031101",
} as const;
// RIFF, size, WEBP, a chunk: lossless, extended and lossy.
const WEBPS = {
  lossless: "524946461a000000574542505650384c0d0000002f06000100000000000000",
  extended: "524946461a000000574542505650385800000000000000000600000400000000",
  lossy: "524946461a0000005745425056503820000000003001009d012a07000500",
};

describe("the head of an image file", () => {
  it("tells the kind and the size of what a page can show", () => {
    for (const [type, hex] of Object.entries(FILES))
      expect(imageHead(Buffer.from(hex, "hex"))).toEqual({ type, width: 7, height: 5 });
    for (const [kind, hex] of Object.entries(WEBPS))
      expect(imageHead(Buffer.from(hex, "hex")), kind).toEqual({ type: "image/webp", width: 7, height: 5 });
  });

  it("tells no size where the file ends before it", () => {
    // Where the width and the height end in each.
    const ends = { "image/png": 24, "image/gif": 10, "image/bmp": 26, "image/jpeg": 98 } as const;
    for (const [type, end] of Object.entries(ends))
      for (let length = 0; length < end; length++) {
        const file = Buffer.from(FILES[type as keyof typeof ends], "hex"); // The keys are the same.
        expect(imageHead(file.subarray(0, length)), `${length} bytes of ${type}`).toBeUndefined();
      }
  });

  it("is not taken for one where bytes only begin like it", () => {
    for (const text of ["", "B", "BM", "BMW and other cars", "GIF", "RIFF....WAVEfmt ", "<svg/>", "\x89PNG"])
      expect(imageType(Buffer.from(text, "latin1")), text).toBeUndefined();
  });
});
