import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFilter } from "../../../src/worker/arrange/syntax.ts";
import { FilterError } from "../../../src/worker/arrange/tree.ts";
import { workMs } from "../../helpers/work.ts";

/** What is wrong with a filter: its code, what it is about, and what stands at its place. */
function wrong(text: string): readonly [string, string, string] | undefined {
  try {
    parseFilter(text);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof FilterError)) throw thrown;
    const { code, about, from, to } = thrown.problem;
    return [code, about, text.slice(from, to)];
  }
}

describe("parseFilter", () => {
  it("lets `and` bind closer than `or`, and `not` closest", () => {
    const test = (name: string): object =>
      expect.objectContaining({
        t: "compare",
        name: expect.objectContaining({ text: name }) as object,
      }) as object;
    expect(parseFilter("a == 1 or not b == 2 and c == 3")).toEqual({
      t: "or",
      parts: [test("a"), { t: "and", parts: [{ t: "not", part: test("b") }, test("c")] }],
    });
  });

  it("takes names with spaces, in quotes, and numbers for names", () => {
    for (const text of ["two words < 1", "'two words' < 1", "`two words` < 1"])
      expect(parseFilter(text)).toMatchObject({ t: "compare", name: { text: "two words" } });
    expect(parseFilter("0 < 1")).toMatchObject({ t: "compare", name: { text: "0" }, value: { text: "1" } });
  });

  it("takes words alone for a text that any column may have", () => {
    expect(parseFilter("hello world")).toEqual({ t: "anywhere", text: "hello world" });
    expect(parseFilter('not "a and b"')).toEqual({ t: "not", part: { t: "anywhere", text: "a and b" } });
  });

  it("keeps a pattern as it is typed, but for its quotes", () => {
    expect(parseFilter(String.raw`a ~ "\d+\"\\"`)).toMatchObject({ pattern: { text: String.raw`\d+"\\` } });
    expect(parseFilter(String.raw`a == "\"\\"`)).toMatchObject({ value: { text: '"\\' } });
  });

  it("says nothing where there is nothing", () => {
    expect(parseFilter("  \n ")).toBeUndefined();
  });

  it("tells what is wrong, and where", () => {
    expect(wrong("loss <")).toEqual(["value-expected", "<", ""]);
    expect(wrong("loss < and a > 1")).toEqual(["value-expected", "<", "and"]);
    expect(wrong("a in 5")).toEqual(["list-expected", "in", "5"]);
    expect(wrong("a in [1 2]")).toEqual(["closing-expected", "]", "2"]);
    expect(wrong("a between 1 or 2")).toEqual(["and-expected", "1", "or"]);
    expect(wrong("(a < 1")).toEqual(["closing-expected", ")", ""]);
    expect(wrong("a < 1)")).toEqual(["unexpected", ")", ")"]);
    expect(wrong("a is blue")).toEqual(["kind-expected", "is", "blue"]);
    expect(wrong('a == "b')).toEqual(["open-quote", '"', '"b']);
    expect(wrong(`${"(".repeat(100)}a`)?.[0]).toBe("too-deep");
    expect(wrong("a".repeat(30_000))?.[0]).toBe("too-long");
  });

  it("gives a tree, or an error with a place in the text, for whatever is typed", () => {
    const words = [
      "a",
      "and",
      "or",
      "not",
      "in",
      "is",
      "between",
      "null",
      "contains",
      "~",
      "<",
      "==",
      "(",
      ")",
      "[",
      "]",
      ",",
      '"',
      "'",
      "`",
      "\\",
      "1",
      "-2.5e3",
      "2024-01-01",
      " ",
      "!",
      "é",
    ];
    const typed = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join(" ")),
      fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(typed, (text) => {
        try {
          parseFilter(text);
        } catch (thrown) {
          if (!(thrown instanceof FilterError)) throw thrown;
          const { from, to } = thrown.problem;
          expect(from >= 0 && from <= to && to <= text.length).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("reads the longest filters at once", () => {
    const started = workMs();
    wrong("not ".repeat(4999));
    wrong("a == 1 and ".repeat(1800));
    wrong(`a in [${"1,".repeat(9000)}`);
    expect(workMs() - started).toBeLessThan(2000);
  });
});
