import { describe, expect, it } from "vitest";
import { blobKey, rootOfLocation } from "../../../src/client/datastore/layout.ts";
import { childrenOf, fits, parentsOf } from "../../../src/client/model/lineage.ts";
import { parseGraph } from "../../../src/client/model/graph.ts";
import { CorruptRecord } from "../../../src/client/errors.ts";

describe("blobKey", () => {
  it("lies below the flow, by the first two digits", () => {
    expect(blobKey("F", "ab".repeat(20))).toBe(`F/data/ab/${"ab".repeat(20)}`);
  });

  it.each(["../../../../etc/hostname", "", "AB".repeat(20), `${"ab".repeat(20)}/..`])("refuses %j", (sha) => {
    expect(() => blobKey("F", sha)).toThrow(CorruptRecord);
  });
});

describe("rootOfLocation", () => {
  it("reads locations of both generations", () => {
    expect(rootOfLocation(":root:/store/.metaflow", "F")).toBe("/store/.metaflow");
    expect(rootOfLocation("/store/.metaflow/F/data/ab/abcd", "F")).toBe("/store/.metaflow");
  });
});

describe("foreach paths", () => {
  const step = (type: string, ...next: string[]): Map<string, unknown> =>
    new Map<string, unknown>([
      ["type", type],
      ["next", next],
    ]);
  const graph = parseGraph(
    new Map<string, unknown>([
      [
        "steps",
        new Map([
          ["start", step("split-foreach", "work")],
          ["work", step("linear", "join")],
          ["join", step("join", "end")],
          ["end", step("end")],
        ]),
      ],
    ]),
  );

  it("lead to the tasks inside a foreach, and back out of it", () => {
    expect(childrenOf(graph, "start", undefined)).toEqual({ steps: ["work"], pattern: ".*" });
    expect(childrenOf(graph, "work", "work:1")).toEqual({ steps: ["join"], pattern: ".*" });
    expect(parentsOf(graph, "work", "work:1")).toEqual({ steps: ["start"], pattern: ".*" });
    expect(parentsOf(graph, "end", undefined)).toEqual({ steps: ["join"], pattern: ".*" });
  });

  it("are compared as text, whatever a record claims them to be", () => {
    expect(fits("a:1,.*", "a:1,b:2")).toBe(true);
    expect(fits("a:1,.*", "a:12,b:2")).toBe(false);
    expect(fits("a:1", "a:1")).toBe(true);
    expect(fits("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")).toBe(false);
  });
});
