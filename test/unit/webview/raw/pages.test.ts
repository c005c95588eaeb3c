import { describe, expect, it, vi } from "vitest";
import { RawPages } from "../../../../src/webview/artifact/raw/pages.ts";
import type { RawBytes, RawSource } from "../../../../src/webview/artifact/raw/source.ts";

const SIZE = 1_000_000;
const part = (from: number, to: number): RawBytes => ({
  bytes: Uint8Array.from({ length: Math.min(to, SIZE) - from }, (_, at) => (from + at) % 251),
  sizeBytes: SIZE,
});

/** Looks at some bytes as a view does: again whenever more is known. */
function look(read: RawSource["read"], from: number, to: number): RawPages {
  const pages: RawPages = new RawPages({ read }, SIZE, () => {
    pages.want(from, to);
  });
  pages.want(from, to);
  return pages;
}

describe("RawPages", () => {
  it("reads what is in sight once, and knows its bytes", async () => {
    const read = vi.fn<RawSource["read"]>(async (from, to) => Promise.resolve(part(from, to)));
    const pages = look(read, 500_000, 500_400);
    await vi.waitFor(() => {
      expect(pages.at(500_123)).toBe(500_123 % 251);
    });
    expect(pages.at(0)).toBeUndefined();
    expect(read).toHaveBeenCalledTimes(1);
  });

  it("does not ask again and again for what cannot be read, but when it comes into sight again", async () => {
    const read = vi.fn<RawSource["read"]>(async () => Promise.reject(new Error("the disk is gone")));
    const pages = look(read, 0, 400);
    await vi.waitFor(() => {
      expect(pages.problem).toBe("the disk is gone");
    });
    pages.want(0, 400);
    expect(read).toHaveBeenCalledTimes(1);
    pages.want(900_000, 900_400);
    pages.want(0, 400);
    expect(read).toHaveBeenCalledTimes(3);
  });

  it("asks anew for what is looked at again before its cancelled request has ended", async () => {
    const answers: ((bytes: RawBytes) => void)[] = [];
    const read = vi.fn<RawSource["read"]>(async () => new Promise((resolve) => answers.push(resolve)));
    const pages = new RawPages({ read }, SIZE, () => undefined);
    pages.want(0, 400);
    pages.want(900_000, 900_400);
    pages.want(0, 400);
    expect(read).toHaveBeenCalledTimes(3);
    answers[2]?.(part(0, 1 << 14));
    await vi.waitFor(() => {
      expect(pages.at(300)).toBe(49);
    });
  });
});
