import { describe, expect, it } from "vitest";
import {
  childKinds,
  formOf,
  leadsOn,
  placeOf,
  rowsOf,
  type Listing,
} from "../../../src/features/completion.ts";

const all = ["flow", "run", "step", "task", "artifact", "log"] as const;
const listing = (
  ids: readonly string[],
  kind: "flow" | "run" | "artifact" = "run",
  more = false,
): Listing => ({
  choices: ids.map((id) => ({ id, kind })),
  more,
  problems: [],
});
const labels = (rows: ReturnType<typeof rowsOf>): readonly string[] =>
  rows.map((row) =>
    row.kind === "child" || row.kind === "take" || row.kind === "typed"
      ? `${row.kind} ${row.target.pathspec}`
      : row.kind,
  );

describe("completing a pathspec", () => {
  it("cuts the text at the last slash", () => {
    expect(placeOf("Tra")).toEqual({ parent: "", typed: "Tra" });
    expect(placeOf("F/1/st")).toEqual({ parent: "F/1", typed: "st" });
    expect(placeOf("F/")).toEqual({ parent: "F", typed: "" });
  });

  it("knows what lies below what", () => {
    expect(childKinds("")).toEqual(["flow"]);
    expect(childKinds("F/1/s/2")).toEqual(["log", "artifact"]);
    expect(childKinds("F/1/s/2/x")).toEqual([]);
    expect(leadsOn("run", ["task"])).toBe(true);
    expect(leadsOn("run", ["run"])).toBe(false);
    expect(leadsOn("task", ["log"])).toBe(true);
  });

  it("names the form of what is asked for, and nothing below it", () => {
    expect(formOf(["run"])).toBe("Flow/run");
    expect(formOf(["run", "step", "task"])).toBe("Flow/run/step/task");
    expect(formOf(["log"])).toBe("Flow/run/step/task/log");
    expect(formOf(all)).toBe("Flow/run/step/task/artifact");
  });

  it("offers the place itself first, then its children in their order", () => {
    expect(labels(rowsOf(placeOf("F/"), listing(["2", "1"], "run", true), all))).toEqual([
      "take F",
      "child F/2",
      "child F/1",
      "more",
    ]);
    expect(labels(rowsOf(placeOf("F/"), listing(["2"]), ["run"]))).toEqual(["child F/2"]);
  });

  it("offers nothing as typed that can be no pathspec", () => {
    expect(labels(rowsOf(placeOf("F/.."), listing([]), all))).toEqual([]);
    expect(labels(rowsOf(placeOf("F/../x"), { ...listing([]), problems: ["no"] }, all))).toEqual(["problem"]);
    expect(labels(rowsOf(placeOf("F/1"), listing([]), all))).toEqual(["typed F/1"]);
  });

  it("filters by what is typed, in ids, descriptions and tags, what begins so first", () => {
    const rows = rowsOf(
      placeOf("F/ni"),
      {
        choices: [
          { id: "7", kind: "run", search: "nightly" },
          { id: "nine", kind: "run" },
          { id: "8", kind: "run" },
        ],
        more: false,
        problems: [],
      },
      all,
    );
    expect(labels(rows)).toEqual(["child F/nine", "child F/7"]);
  });

  it("lets an id be typed that no page has shown yet", () => {
    expect(labels(rowsOf(placeOf("F/99"), listing(["2", "1"], "run", true), ["run"]))).toEqual([
      "more",
      "typed F/99",
    ]);
    expect(labels(rowsOf(placeOf("F/99"), listing(["2"]), ["run"]))).toEqual(["typed F/99"]);
    expect(labels(rowsOf(placeOf("F/2"), listing(["2"]), ["run"]))).toEqual(["child F/2"]);
  });

  it("names a task's logs beside its artifacts", () => {
    const rows = rowsOf(
      placeOf("F/1/s/2/st"),
      {
        choices: [
          { id: "stdout", kind: "log" },
          { id: "state", kind: "artifact" },
        ],
        more: false,
        problems: [],
      },
      all,
    );
    expect(rows.map((row) => (row.kind === "child" ? row.target : row.kind))).toEqual([
      { kind: "log", pathspec: "F/1/s/2", stream: "stdout" },
      { kind: "artifact", pathspec: "F/1/s/2/state" },
    ]);
  });

  it("says when there is nothing, and shows what could not be read", () => {
    expect(rowsOf(placeOf(""), listing([], "flow"), all)).toEqual([
      { kind: "problem", message: "There are no flows in this namespace." },
    ]);
    expect(rowsOf(placeOf("F/"), { choices: [], more: false, problems: ["F/1 is broken"] }, ["run"])).toEqual(
      [{ kind: "problem", message: "F/1 is broken" }],
    );
  });
});
