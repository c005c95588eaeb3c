import { describe, expect, it } from "vitest";
import { formatBytes } from "../../../src/webview/kit/format.ts";
import { visible, visibleLine } from "../../../src/webview/kit/text.ts";
import { fill } from "../../../src/webview/kit/words.ts";

const plain = (text: string) => ({ kind: "plain", text });
const control = (text: string) => ({ kind: "control", text });

describe("visible", () => {
  it("leaves ordinary text of any script alone, also newlines, tabs and emoji", () => {
    const text = "naïve 東京 שלום\n\t👩‍👩 🇩🇪".replaceAll("\u200d", "");
    expect(visible(text)).toEqual([plain(text)]);
    expect(visible("")).toEqual([]);
  });

  it("shows control characters as Python writes them", () => {
    expect(visible("a\u0000b\u001b[31mred")).toEqual([
      plain("a"),
      control("\\x00"),
      plain("b"),
      control("\\x1b"),
      plain("[31mred"),
    ]);
  });

  it("names what would turn the direction of the text around it", () => {
    expect(visible("file\u202egnp.exe\u202c")).toEqual([
      plain("file"),
      control("‹U+202E›"),
      plain("gnp.exe"),
      control("‹U+202C›"),
    ]);
  });

  it("names what is invisible, and halves of surrogate pairs", () => {
    for (const hidden of ["\u200b", "\ufeff", "\u2066", "\u00ad", "\ud800", "\u{e0041}", "\u0085"]) {
      expect(visible(`x${hidden}y`).map(({ kind }) => kind)).toEqual(["plain", "control", "plain"]);
    }
  });

  it("makes one line of many", () => {
    expect(visibleLine("a\nb\tc\u0007")).toBe("a\\nb\\tc\\x07");
  });
});

describe("formatBytes", () => {
  it("takes the unit in which the number is short", () => {
    expect(
      [0, 999, 1000, 1234, 999_499, 999_500, 96_000_000, 3e12].map((bytes) => formatBytes(bytes, "en")),
    ).toEqual(["0 B", "999 B", "1 kB", "1.2 kB", "999 kB", "1 MB", "96 MB", "3 TB"]);
  });

  it("writes the number as the editor's language does", () => {
    expect(formatBytes(1234, "de")).toBe("1,2 kB");
  });
});

describe("fill", () => {
  it("puts values in their places, as text and not as patterns", () => {
    expect(fill("{1} of {0}", "$&", 3)).toBe("3 of $&");
    expect(fill("{0} {2}", "a")).toBe("a {2}");
  });
});
