import { describe, expect, it } from "vitest";
import { withValue } from "../../../../src/webview/artifact/table/filterText.ts";
import { parseFilter } from "../../../../src/worker/arrange/syntax.ts";

describe("withValue", () => {
  it("writes a value as the filter language has it", () => {
    expect(withValue("", "loss", { text: "-0.25", kind: "number" })).toBe("`loss` == -0.25");
    expect(withValue("", "name", { text: "beta", kind: "text" })).toBe('`name` == "beta"');
    expect(withValue("", "name", { text: "nan", kind: "nan" })).toBe("`name` is nan");
    expect(withValue("", "n", { text: "<NA>", kind: "na" })).toBe("`n` is NA");
    // Not "missing", which is None, too.
    expect(withValue("", "n", { text: "", kind: "absent" })).toBe("`n` is absent");
    expect(withValue("", "z", { text: "(1+1j)", kind: "number" })).toBe('`z` == "(1+1j)"');
  });

  it("looks for what it can where nothing is equal to the text: in containers, in bytes, and of a long text its beginning", () => {
    expect(withValue("", "l", { text: "[1, 2]", kind: "nested" })).toBe('`l` contains "[1, 2]"');
    expect(withValue("", "b", { text: "b'x'", kind: "bytes" })).toBe("`b` contains \"b\\'x\\'\"");
    expect(withValue("", "t", { text: "begin", kind: "text", cut: true })).toBe('`t` contains "begin"');
  });

  it.each(["two\nlines", 'a "quote"\r\n\\n[x] (y)', "$^.*+?{}|\n"])("writes %j on one line", (text) => {
    const filter = withValue("", "t", { text, kind: "text" });
    expect(filter).not.toMatch(/[\r\n]/);
    const tree = parseFilter(filter);
    if (tree?.t !== "matches") throw new Error(`${filter} is no pattern`);
    expect(new RegExp(tree.pattern.text, "s").test(text)).toBe(true);
    expect(new RegExp(tree.pattern.text, "s").test(`${text} and more`)).toBe(false);
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
