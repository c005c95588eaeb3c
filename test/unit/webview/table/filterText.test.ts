import { describe, expect, it } from "vitest";
import { withValue } from "../../../../src/webview/artifact/table/filterText.ts";
import { parseFilter } from "../../../../src/worker/arrange/syntax.ts";

describe("withValue", () => {
  it("writes a value as the filter language has it", () => {
    expect(withValue("", "loss", { text: "-0.25", kind: "number" })).toBe("`loss` == -0.25");
    expect(withValue("", "name", { text: "beta", kind: "text" })).toBe('`name` == "beta"');
    expect(withValue("", "name", { text: "nan", kind: "nan" })).toBe("`name` is nan");
    expect(withValue("", "n", { text: "<NA>", kind: "na" })).toBe("`n` is NA");
  });

  it("narrows what is filtered already, whatever joins it", () => {
    expect(withValue("a > 1", "b", { text: "x", kind: "text" })).toBe('a > 1 and `b` == "x"');
    expect(withValue("a > 1 or a < 0", "b", { text: "x", kind: "text" })).toBe(
      '(a > 1 or a < 0) and `b` == "x"',
    );
  });

  it.each(['a"b', "back\\slash", "it's `so`", "100 % or more"])(
    "writes %s so that it is read back",
    (text) => {
      const tree = parseFilter(withValue("", text, { text, kind: "text" }));
      expect(JSON.stringify(tree)).toContain(JSON.stringify(text));
    },
  );
});
