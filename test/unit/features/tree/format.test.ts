import { describe, expect, it } from "vitest";
import { agoText, oneLine, sizeText, spanText, whenText } from "../../../../src/features/tree/format.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("spanText", () => {
  it.each([
    [0, "0 ms"],
    [42.4, "42 ms"],
    [100, "0.1 s"],
    [1234, "1.2 s"],
    [9_940, "9.9 s"],
    [9_960, "10 s"],
    [59_400, "59 s"],
    [59_600, "1 min"],
    [6 * MINUTE + 20_000, "6 min"],
    [59 * MINUTE + 40_000, "1 h"],
    [72 * MINUTE, "1 h 12 min"],
    [23 * HOUR + 59.8 * MINUTE, "1 d"],
    [51 * HOUR, "2 d 3 h"],
  ])("says %d ms as %s", (ms, text) => {
    expect(spanText(ms)).toBe(text);
  });

  it("says nothing for what cannot have lasted", () => {
    expect(spanText(-5)).toBe("");
    expect(spanText(Number.NaN)).toBe("");
  });
});

describe("agoText", () => {
  const now = new Date("2026-11-23T12:00:00Z");
  it.each([
    [-HOUR, "just now"],
    [10_000, "just now"],
    [50_000, "1 min ago"],
    [4 * MINUTE, "4 min ago"],
    [3 * HOUR, "3 h ago"],
    [30 * HOUR, "yesterday"],
    [48 * HOUR, "2 days ago"],
    [90 * DAY, "3 months ago"],
    [800 * DAY, "2 years ago"],
  ])("says %d ms before as %s", (ms, text) => {
    expect(agoText(new Date(now.getTime() - ms), now)).toBe(text);
  });
});

describe("whenText", () => {
  const now = new Date(2026, 10, 23, 12, 0, 0);
  it.each([
    [new Date(2026, 10, 23, 9, 14, 5), "Today 09:14"],
    [new Date(2026, 10, 22, 23, 59), "Yesterday 23:59"],
    [new Date(2026, 10, 18, 11, 40), "Wed 11:40"],
    [new Date(2026, 10, 12, 11, 40), "12 Nov 11:40"],
    [new Date(2025, 10, 12, 11, 40), "12 Nov 2025 11:40"],
    [new Date(2026, 10, 24, 11, 40), "24 Nov 11:40"],
  ])("says %s as %s", (then, text) => {
    expect(whenText(then, now, "en")).toBe(text);
  });
});

describe("sizeText", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [13_800, "14 kB"],
    [3_240_000, "3.2 MB"],
    [999_600, "1.0 MB"],
    [1e9, "1.0 GB"],
    [5e15, "5000 TB"],
  ])("says %d bytes as %s", (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});

describe("oneLine", () => {
  it("keeps a hostile text on one line and in its direction", () => {
    expect(oneLine("a\r\nb\u202ec\u0007")).toBe("a b c");
  });

  it("cuts what is too long for a row", () => {
    expect(oneLine("x".repeat(100), 10)).toBe("xxxxxxxxx…");
  });
});
