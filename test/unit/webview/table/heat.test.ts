import { describe, expect, it, vi } from "vitest";
import type { Profile } from "../../../../src/protocol/profile.ts";
import { GridHeat } from "../../../../src/webview/artifact/table/heat.ts";

function profile(from: string, to: string): Profile {
  return {
    rows: { read: 3, of: 3 },
    missing: {},
    histogram: {
      bins: [
        { from, to: "1", count: 2 },
        { from: "1", to, count: 1 },
      ],
    },
  };
}

function heatOf(known: Profile | undefined): { heat: GridHeat; of: (text: string) => number | undefined } {
  const heat = new GridHeat({ profileOf: () => known, onChange: () => undefined });
  heat.turn(0);
  return { heat, of: (text) => heat.of(0, { kind: "number", text }) };
}

describe("the colours of cells", () => {
  it("grow from the least number to the greatest, and no further", () => {
    const { of } = heatOf(profile("-2", "-1"));
    expect(["-3", "-2", "-1.5", "-1", "5"].map(of)).toEqual([0, 0, 0.5, 1, 1]);
    expect(heatOf(profile("-1e308", "1e308")).of("1e308")).toBe(1);
  });

  it("grow from zero to both sides where there are numbers on both", () => {
    expect(["-10", "-5", "0", "1", "9"].map(heatOf(profile("-10", "4")).of)).toEqual([-1, -0.5, 0, 0.1, 0.9]);
  });

  it("are none of what is no number, of equal numbers, and while nothing is known", () => {
    const { heat, of } = heatOf(profile("0", "10"));
    expect(["nan", "(1+2j)"].map(of)).toEqual([undefined, undefined]);
    expect(heat.of(0, { kind: "text", text: "5" })).toBeUndefined();
    expect(heat.of(1, { kind: "number", text: "5" })).toBeUndefined();
    expect(heatOf(profile("3", "3")).of("3")).toBeUndefined();
    expect(heatOf(undefined).of("3")).toBeUndefined();
  });

  it("are given to a column and taken from it, or to all and from all", () => {
    const onChange = vi.fn();
    const heat = new GridHeat({ profileOf: () => undefined, onChange });
    heat.turn(3);
    expect([heat.has(3), heat.has(4), heat.isOfAll]).toEqual([true, false, false]);
    heat.turnAll();
    expect([heat.has(3), heat.has(4), heat.isOfAll]).toEqual([true, true, true]);
    heat.turnAll();
    expect([heat.has(3), heat.has(4)]).toEqual([false, false]);
    expect(onChange).toHaveBeenCalledTimes(3);
  });
});
