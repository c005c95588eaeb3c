import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extended, piecesOf } from "../../../../src/webview/artifact/text/pieces.ts";

describe("the lines of a text that comes in parts", () => {
  it("are those of the whole, wherever it was cut", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n"), maxLength: 900 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (parts) => {
        const pieces = parts.reduce((known, part) => extended(known, part), piecesOf(""));
        expect(pieces.flat()).toEqual(parts.join("").split("\n"));
        expect(pieces.slice(0, -1).every(({ length }) => length === 200)).toBe(true);
      }),
    );
  });

  it("keep what was there, so that it is not drawn anew", () => {
    const before = piecesOf("x\n".repeat(500));
    const after = extended(before, "y\n".repeat(500));
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(after[5]?.at(-1)).toBe("");
  });
});
