import { describe, expect, it } from "vitest";
import {
  holds,
  parseCondition,
  type ParameterValue,
} from "../../../../../src/features/tree/filter/condition.ts";

const answer = (text: string, value: ParameterValue): boolean => {
  const condition = parseCondition(text);
  if (condition === undefined) throw new Error(`${text} is no condition`);
  return holds(condition, value);
};

describe("a condition of a parameter", () => {
  it.each([
    ["lr>0.1", 0.2, true],
    ["lr>0.1", 0.1, false],
    ["lr>=1e-1", 0.1, true],
    ["n<10", 9, true],
    ["n<10", 9n, true],
    ["n=10_000", 10_000n, true],
    ["n!=10", 9n, true],
    ["n=9007199254740993", 9007199254740993n, true],
    ["n>9007199254740993", 9007199254740994n, true],
    ["lr>0.1", NaN, false],
    ["lr>high", 0.2, false],
    ["lr!=high", 0.2, true],
  ])("compares numbers as numbers: %s of %s is %s", (text, value, expected) => {
    expect(answer(text, value)).toBe(expected);
  });

  it.each([
    ["version<9", "10", true],
    ["model=XGB", "xgb", true],
    ["model!=xgb", "linear", true],
    ["day>=2026-11-20", "2026-11-21", true],
    ["debug=true", "True", true],
    ["path=None", "None", true],
    ["model=", "xgb", false],
  ])("compares text as text: %s of %j is %s", (text, value, expected) => {
    expect(answer(text, value)).toBe(expected);
  });

  it.each(["lr", "=1", "1x=2", "tag:a=b", ""])("is not %j", (text) => {
    expect(parseCondition(text)).toBeUndefined();
  });
});
