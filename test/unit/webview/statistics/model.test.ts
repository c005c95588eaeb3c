import { describe, expect, it } from "vitest";
import type { ArtifactRequests } from "../../../../src/protocol/artifact.ts";
import type { Profile } from "../../../../src/protocol/profile.ts";
import type { TableFacts } from "../../../../src/protocol/table.ts";
import { ProfileModel, WHOLE } from "../../../../src/webview/artifact/statistics/model.ts";
import { Viewer } from "../../../../src/webview/artifact/viewer.ts";
import { histogramPath, missingOf } from "../../../../src/webview/kit/sparkline.ts";

const table: TableFacts = {
  kind: "frame",
  rowCount: 10_000,
  columnCount: 100_000,
  rowLevels: [],
  columnLevels: [""],
};
const estimate: Profile = { rows: { read: 4096, of: 10_000 }, missing: { nan: 2, none: 1 } };

/** A model, and what it asks: method, first column, whether exactly. */
function modelOf(facts: TableFacts = table): { model: ProfileModel; asked: string[] } {
  const asked: string[] = [];
  const answer = (method: string, params: { from: number; to: number; exact: boolean }): unknown => {
    asked.push([method, params.from, params.exact].join(" "));
    if (method === "profileWhole") return estimate;
    const count = Math.min(params.to, facts.columnCount) - params.from;
    return method === "columns"
      ? Array.from({ length: count }, (_, at) => ({
          labels: [{ text: `c${params.from + at}`, kind: "text" }],
          dtype: "int64",
          family: "number",
        }))
      : [estimate, estimate].slice(0, count);
  };
  const viewer = new Viewer({
    request: async (method, params) =>
      // As the methods that the model asks by are answered.
      Promise.resolve(answer(method, params as never) as ArtifactRequests[typeof method]["result"]),
  });
  return { model: new ProfileModel(viewer, { node: 1 }, facts, () => undefined), asked };
}

async function settle(until: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000 && !until(); turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(until()).toBe(true);
}

describe("the statistics of a table's columns", () => {
  it("are estimated for what is on the screen, then exact for it, then for the rest in order", async () => {
    const { model, asked } = modelOf();
    model.show([5000, 5001]);
    await settle(() => asked.length === 2);
    expect(asked).toEqual(["columns 5000 ", "profile 5000 false"]);
    model.update(table, true);
    await settle(() => asked.length > 4);
    expect(asked.slice(2, 5)).toEqual(["profile 5000 true", "profile 0 true", "profile 2 true"]);
    model.close();
  });

  it("are not asked for again and again where nothing is told of them", async () => {
    const { model, asked } = modelOf({ ...table, columnCount: 2 });
    model.update({ ...table, columnCount: 4 }, true);
    model.show([0, 1, 2, 3]);
    await settle(() => asked.includes("columns 2 "));
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(asked.filter((one) => one === "columns 2 ")).toHaveLength(1);
    model.close();
  });

  it("do not ask for more than is kept, however many columns there are", async () => {
    const { model } = modelOf();
    model.update(table, true);
    await settle(() => model.progress.done === 2000);
    expect(model.progress).toEqual({ done: 2000, of: 2000 });
    expect(model.listed.count).toBe(100_000);
    model.close();
  });

  it("begin with all elements of an array", async () => {
    const { model, asked } = modelOf({ ...table, kind: "array", columnCount: 3, shape: [10_000, 3] });
    expect([model.listed.count, model.listed.at(0), model.listed.at(1)]).toEqual([4, WHOLE, 0]);
    model.show([WHOLE, 0, 1]);
    await settle(() => model.profileOf(1) !== undefined);
    expect(asked.slice(0, 3)).toEqual(["columns 0 ", "profileWhole  false", "profile 0 false"]);
    model.close();
  });

  it("are found by a part of a column's name", async () => {
    const { model } = modelOf();
    model.filter("C9999");
    await settle(() => model.listed.count === 11);
    expect([model.listed.at(0), model.listed.at(10)]).toEqual([9999, 99_999]);
    model.close();
  });
});

describe("a sparkline", () => {
  it("has a bar for each bin that holds something, one unit high at least", () => {
    const bins = [1000, 0, 1].map((count) => ({ from: "", to: "", count }));
    expect(histogramPath({ bins }, 48, 12)).toBe("M0 12v-12h15.5V12zM32 12v-1h15.5V12z");
  });

  it("counts what is missing in any way", () => {
    expect(missingOf(estimate)).toBe(3);
  });
});
