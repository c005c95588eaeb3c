import { describe, expect, it } from "vitest";
import { moved, outer, showing, whole, zoomed } from "../../../../src/webview/artifact/draw/span.ts";
import { tickText, ticks, wholeTicks } from "../../../../src/webview/artifact/draw/ticks.ts";

describe("a span of an axis", () => {
  it("is zoomed around the place that stays where it is", () => {
    expect(zoomed(whole(100), 25, 0.5, 100)).toEqual({ from: 12.5, to: 62.5 });
    expect(zoomed({ from: 40, to: 60 }, 50, 2, 100)).toEqual({ from: 30, to: 70 });
  });

  it("never leaves the axis, and is never nearer than a few places", () => {
    expect(zoomed({ from: 0, to: 10 }, 0, 100, 50)).toEqual(whole(50));
    expect(zoomed(whole(1000), 1000, 1e-9, 1000)).toEqual({ from: 996, to: 1000 });
    expect(zoomed(whole(2), 1, 0.1, 2)).toEqual(whole(2));
    expect(moved({ from: 5, to: 15 }, -100, 50)).toEqual({ from: 0, to: 10 });
    expect(moved({ from: 5, to: 15 }, 100, 50)).toEqual({ from: 40, to: 50 });
  });

  it("follows a place that leaves it", () => {
    expect(showing({ from: 10, to: 20 }, 15, 100)).toEqual({ from: 10, to: 20 });
    expect(showing({ from: 10, to: 20 }, 9, 100)).toEqual({ from: 9, to: 19 });
    expect(showing({ from: 10, to: 20 }, 20, 100)).toEqual({ from: 11, to: 21 });
  });

  it("touches whole places", () => {
    expect(outer({ from: 1.2, to: 3.1 }, 10)).toEqual({ from: 1, to: 4 });
    expect(outer({ from: 0, to: 9.5 }, 9)).toEqual({ from: 0, to: 9 });
  });
});

describe("the numbers beside an axis", () => {
  it("are round, inside it, and no more than there is room for", () => {
    expect(ticks({ from: 0, to: 1 }, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks({ from: -1.3, to: 1.4 }, 4)).toEqual([-1, 0, 1]);
    expect(ticks({ from: 1e300, to: 3e300 }, 4)).toHaveLength(5);
    expect(ticks({ from: 0.1, to: 0.1 }, 4)).toEqual([0.1]);
    expect(ticks({ from: NaN, to: NaN }, 4)).toEqual([]);
  });

  it("are whole where places are counted", () => {
    expect(wholeTicks({ from: 0, to: 2 }, 10)).toEqual([0, 1, 2]);
    expect(wholeTicks({ from: 0, to: 99 }, 5)).toEqual([0, 20, 40, 60, 80]);
  });

  it("are written as short as their step allows", () => {
    expect([0, 0.2, 1].map((tick) => tickText(tick, 0.2))).toEqual(["0.0", "0.2", "1.0"]);
    expect([100, 150].map((tick) => tickText(tick, 50))).toEqual(["100", "150"]);
    expect([0, 2e9, 2.5e9].map((tick) => tickText(tick, 5e8))).toEqual(["0", "2.0e9", "2.5e9"]);
    expect(tickText(3e-7, 1e-7)).toBe("3e-7");
  });
});
