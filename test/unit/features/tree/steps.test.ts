import { describe, expect, it } from "vitest";
import { placeSteps, type Node } from "../../../../src/features/tree/steps.ts";

const node = (name: string, next: string[], type = "linear"): Node => ({ name, type, next });

const linear = [node("start", ["train"]), node("train", ["join"]), node("join", ["end"]), node("end", [])];
const route = [
  node("start", ["fast", "slow"], "split-switch"),
  node("fast", ["end"]),
  node("slow", ["check"]),
  node("check", ["end"]),
  node("end", []),
];
const loop = [
  node("start", ["again"]),
  node("again", ["again", "retry", "done"], "split-switch"),
  node("retry", ["again"]),
  node("done", ["end"]),
  node("end", []),
];

const places = (steps: ReturnType<typeof placeSteps>): string[] =>
  steps.map(({ name, place }) => `${name} ${place}`);

describe("placeSteps", () => {
  it("shows what is still to come, in the order of the graph", () => {
    expect(places(placeSteps(linear, ["train", "start"], false, false))).toEqual([
      "start started",
      "train started",
      "join pending",
      "end pending",
    ]);
  });

  it("says that a failed run never reached the rest", () => {
    expect(places(placeSteps(linear, ["start"], true, false)).slice(1)).toEqual([
      "train unreached",
      "join unreached",
      "end unreached",
    ]);
  });

  it("knows the way that a switch did not take, as soon as it took another", () => {
    expect(places(placeSteps(route, ["start", "fast"], false, false))).toEqual([
      "start started",
      "fast started",
      "slow skipped",
      "check skipped",
      "end pending",
    ]);
  });

  it("leaves open what a switch has not decided", () => {
    expect(places(placeSteps(route, ["start"], false, false))).toContain("slow pending");
  });

  it("does not give up the way out of a loop", () => {
    expect(places(placeSteps(loop, ["start", "again", "retry"], false, false))).toContain("done pending");
  });

  it("calls everything skipped that a completed run did without", () => {
    expect(places(placeSteps(loop, ["start", "again", "done", "end"], true, true))).toContain(
      "retry skipped",
    );
  });

  it("shows steps that the graph does not know after the others", () => {
    expect(places(placeSteps(linear, ["start", "extra"], false, false)).at(-1)).toBe("extra started");
  });

  it("keeps the order of starting where no graph was recorded", () => {
    expect(places(placeSteps(undefined, ["start", "end"], true, true))).toEqual([
      "start started",
      "end started",
    ]);
  });
});
