import { describe, expect, it } from "vitest";
import { lineOfFlow, lineOfStep } from "../../../../src/features/code/locate.ts";

const SOURCE = `from metaflow import FlowSpec, step, retry

def train():
    pass

class Helper:
    def train(self):
        return 1

class TrainFlow(FlowSpec):
    """def start( is only text"""

    @step
    def start(self):
        self.next(self.train, foreach="xs")

    @retry(
        times=3,
    )
    @step
    def train(self):
        pass

    @metaflow.step
    # a remark
    def end(self):
        pass
`;

describe("lineOfStep", () => {
  it("finds the def under @step, also when decorators span lines and other functions have its name", () => {
    expect(SOURCE.split("\n")[lineOfStep(SOURCE, "train") ?? -1]).toBe("    def train(self):");
    expect(lineOfStep(SOURCE, "train")).toBe(20);
    expect(lineOfStep(SOURCE, "start")).toBe(13);
    expect(lineOfStep(SOURCE, "end")).toBe(25);
  });

  it("falls back to a method of that name, and says when there is none", () => {
    expect(lineOfStep("class F:\n  @custom\n  def go(self): ...", "go")).toBe(2);
    expect(lineOfStep(SOURCE, "absent")).toBeUndefined();
    expect(lineOfStep(SOURCE, "st.rt")).toBeUndefined();
  });

  it("reads Windows line ends", () => {
    expect(lineOfStep(SOURCE.replaceAll("\n", "\r\n"), "train")).toBe(20);
  });
});

describe("lineOfFlow", () => {
  it("finds the class", () => {
    expect(lineOfFlow(SOURCE, "TrainFlow")).toBe(9);
    expect(lineOfFlow(SOURCE, "Train")).toBeUndefined();
  });
});
