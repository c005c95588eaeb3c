import { describe, expect, it } from "vitest";
import { coloured, DIVERGING, EVEN } from "../../../../src/webview/artifact/draw/colours.ts";
import { colourScale } from "../../../../src/webview/artifact/draw/scaleOf.ts";

const extreme = (value: number, text = String(value)): Parameters<typeof colourScale>[0] => ({
  value,
  text,
  row: 0,
  column: 0,
});

describe("the colours of a heat map", () => {
  it("get lighter from the least to the greatest, without a step back", () => {
    const lightness = Array.from({ length: 255 }, (_, index) => {
      const [red = 0, green = 0, blue = 0] = EVEN.subarray((index + 1) * 4);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
    expect(lightness.every((value, at) => at === 0 || value > (lightness[at - 1] ?? 0) - 0.5)).toBe(true);
  });

  it("leave out what is missing", () => {
    const pixels = coloured(new Uint8Array([0, 1, 255]), EVEN);
    expect([...pixels]).toEqual([0, 0, 0, 0, 68, 1, 84, 255, 253, 231, 37, 255]);
  });

  it("have nothing in the middle where numbers lie on both sides of it", () => {
    const scale = colourScale(extreme(-1), extreme(3, "3.000000000000000001"));
    expect(scale).toMatchObject({ low: -3, high: 3, lowText: "-3.000000000000000001", palette: DIVERGING });
    expect(colourScale(extreme(-5, "-5"), extreme(3))).toMatchObject({ low: -5, high: 5, highText: "5" });
    expect(colourScale(extreme(0), extreme(3))).toMatchObject({ low: 0, high: 3, palette: EVEN });
  });
});
