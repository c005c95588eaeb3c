import { describe, expect, it } from "vitest";
import { compareFrames, foreachText, taskInStep, type Frame } from "../../../../src/features/tree/foreach.ts";

const frame = (index: number, variable?: string, value?: string): Frame => ({ index, variable, value });

describe("foreachText", () => {
  it.each<[Frame[], string]>([
    [[], ""],
    [[frame(3, "model", "xgb")], '[3] model = "xgb"'],
    [[frame(0, "x", "0.5")], "[0] x = 0.5"],
    [[frame(0, "flag", "True")], "[0] flag = True"],
    [[frame(0, "point", "(1, 2)")], "[0] point = (1, 2)"],
    [[frame(0, "day", "date(2026, 1, 1)")], "[0] day = date(2026, 1, 1)"],
    [[frame(0, "expr", "a=b")], '[0] expr = "a=b"'],
    [[frame(1, "region", "eu"), frame(2, "model", "xgb")], '[1, 2] region = "eu", model = "xgb"'],
    [[frame(1, "region", "eu"), frame(2)], '[1, 2] region = "eu"'],
    [[frame(4)], "[4]"],
    [[frame(0, "", "lone")], '[0] "lone"'],
  ])("says %j as %s", (frames, text) => {
    expect(foreachText(frames)).toBe(text);
  });
});

describe("taskInStep", () => {
  it("names a task as people do", () => {
    expect(taskInStep("train", [frame(0), frame(3)])).toBe("train[0, 3]");
    expect(taskInStep("start", [])).toBe("start");
  });
});

describe("compareFrames", () => {
  it("orders as the foreach made the tasks", () => {
    const tasks = [[frame(1), frame(10)], [frame(1), frame(2)], [frame(0)], [frame(0), frame(5)], []];
    const order = tasks.sort(compareFrames).map((frames) => frames.map(({ index }) => index));
    expect(order).toEqual([[], [0], [0, 5], [1, 2], [1, 10]]);
  });
});
