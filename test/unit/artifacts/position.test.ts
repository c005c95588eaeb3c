import { describe, expect, it } from "vitest";
import { positionOf } from "../../../src/features/artifacts/position.ts";

describe("positionOf", () => {
  it("counts as Python does: from 0, negative from the end", () => {
    expect(positionOf("0", 10)).toBe(0);
    expect(positionOf(" 9 ", 10)).toBe(9);
    expect(positionOf("-1", 10)).toBe(9);
    expect(positionOf("-10", 10)).toBe(0);
  });

  it("reads digits that are grouped in any way people do", () => {
    for (const text of ["1,234,567", "1.234.567", "1 234 567", "1_234_567"]) {
      expect(positionOf(text, 2_000_000)).toBe(1_234_567);
    }
  });

  it("refuses what is outside and what is no number", () => {
    for (const text of ["10", "-11", "", "x", "1e3", "0x1", "--1", "99999999999999999999"]) {
      expect(positionOf(text, 10)).toBeUndefined();
    }
  });
});
