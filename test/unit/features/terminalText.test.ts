import { describe, expect, it } from "vitest";
import { terminalText } from "../../../src/features/terminalText.ts";

describe("terminalText", () => {
  it("drops colours, titles and links", () => {
    expect(terminalText("\u001b[1;31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007")).toBe(
      "red link",
    );
  });

  it("keeps the last state of a progress bar", () => {
    expect(terminalText("\r 10%\r 50%\r100%")).toBe("100%");
    expect(terminalText("windows line\r")).toBe("windows line");
    expect(terminalText("\r")).toBe("");
  });

  it("leaves plain text alone, brackets included", () => {
    expect(terminalText("loss [31m] = 0.1")).toBe("loss [31m] = 0.1");
  });
});
