import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MetaflowInvalidPathspec } from "../../../src/client/errors.ts";
import { isValidComponent, kindOf, parsePathspec } from "../../../src/client/pathspec.ts";

describe("parsePathspec", () => {
  it("splits a pathspec of the right number of parts", () => {
    expect(parsePathspec("F/1/start/2/x", "artifact")).toEqual(["F", "1", "start", "2", "x"]);
  });

  it("says what it expects in Python's words when the number of parts is wrong", () => {
    expect(() => parsePathspec("F", "run")).toThrow("Expects Run('FlowName/RunID')");
    expect(() => parsePathspec("F/1/s/2", "artifact")).toThrow(
      "Expects DataArtifact('FlowName/RunID/StepName/TaskID/ArtifactName')",
    );
  });

  it.each(["../1", "F/..", "F/.", "F/*", "F/", "/1", "F/a\0b", "F/a\\b"])(
    "refuses %j, which no folder may be named",
    (text) => {
      expect(() => parsePathspec(text, "run")).toThrow(MetaflowInvalidPathspec);
    },
  );

  it
    .runIf(process.platform !== "win32")
    .each(["a\tb", "line\nbreak", "back\\slash", "größe 😀", "[a]", "q?", "\u007f"])(
    "takes %j for the name of an artifact, which Python's setattr may have made",
    (name) => {
      expect(parsePathspec(`F/1/start/2/${name}`, "artifact").at(-1)).toBe(name);
    },
  );

  it.each(["", ".", "..", "*", "a*", "a\0b"])("refuses %j as the name of an artifact", (name) => {
    expect(() => parsePathspec(`F/1/start/2/${name}`, "artifact")).toThrow(MetaflowInvalidPathspec);
  });

  it("gives back the parts of anything that valid parts are joined to", () => {
    const part = fc.string({ minLength: 1, maxLength: 12 }).filter(isValidComponent);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const kind = kindOf(parts.join("/"));
        expect(kind && parsePathspec(parts.join("/"), kind)).toEqual(parts);
      }),
    );
  });
});
