import { describe, expect, it } from "vitest";
import { RawPages } from "../../../../src/webview/artifact/raw/pages.ts";
import { needleOf, offsetOf } from "../../../../src/webview/artifact/raw/source.ts";

describe("what is looked for in bytes", () => {
  it("is a text in UTF-8, or bytes behind 0x", () => {
    expect(needleOf("né")).toBe("6ec3a9");
    expect(needleOf("0x00 FF 1a")).toBe("00FF1a");
    expect(needleOf("0xyz")).toBe("3078797a");
    expect(needleOf("0x123")).toBeUndefined();
    expect(needleOf("")).toBeUndefined();
  });

  it("is an offset in digits or behind 0x", () => {
    expect(offsetOf("1,024")).toBe(1024);
    expect(offsetOf("0x400")).toBe(1024);
    for (const typed of ["", "-1", "4f", "1e3", "99999999999999999999"])
      expect(offsetOf(typed)).toBeUndefined();
  });
});

describe("the pages of bytes", () => {
  const size = 1 << 20;
  const source = (asked: number[]): ConstructorParameters<typeof RawPages>[0] => ({
    read: async (from, to, signal) => {
      asked.push(from);
      await new Promise((resolve) => setTimeout(resolve, 1));
      signal.throwIfAborted();
      return {
        bytes: Uint8Array.from({ length: Math.min(to, size) - from }, (_, at) => (from + at) % 251),
        sizeBytes: size,
      };
    },
  });

  it("are read once, when they come into sight", async () => {
    const asked: number[] = [];
    let told = 0;
    const pages = new RawPages(source(asked), size, () => {
      told++;
    });
    pages.want(16_000, 17_000);
    pages.want(16_000, 17_000);
    await expect.poll(() => told).toBe(2);
    pages.want(16_000, 17_000);
    expect(asked).toEqual([0, 16_384]);
    expect([pages.at(16_383), pages.at(16_384), pages.at(40_000)]).toEqual([
      16_383 % 251,
      16_384 % 251,
      undefined,
    ]);
  });

  it("that went out of sight before they came are given up", async () => {
    const asked: number[] = [];
    let told = 0;
    const pages = new RawPages(source(asked), size, () => {
      told++;
    });
    pages.want(0, 100);
    pages.want(900_000, 900_100);
    await expect.poll(() => told).toBe(1);
    expect([pages.at(0), pages.at(900_050)]).toEqual([undefined, 900_050 % 251]);
  });
});
