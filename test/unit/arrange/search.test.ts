import { describe, expect, it } from "vitest";
import type { ArrangeParams, FindParams } from "../../../src/protocol/arrange.ts";
import { Arranger } from "../../../src/worker/arrange/arranger.ts";
import { matchingColumns } from "../../../src/worker/arrange/columns.ts";
import { distinctOf } from "../../../src/worker/arrange/distinct.ts";
import { unlikeColumns } from "../../../src/worker/arrange/unlike.ts";
import { cellsOf } from "../../../src/worker/tables.ts";
import { numbersColumn, tableOf, valuesColumn } from "./tables.ts";

const never = new AbortController().signal;
const table = tableOf(4, [
  valuesColumn("name", ["Apple", "pear", undefined, "grape"]),
  numbersColumn("count", Float64Array.of(3, 12.5, 1, NaN)),
  valuesColumn("note", ["12", "a", "b", "an apple"]),
]);
const order: ArrangeParams = {
  node: 1,
  sort: [{ column: 1, descending: true }],
  filter: "count is not null",
};

function find(more: Partial<FindParams>): FindParams {
  return {
    node: 1,
    text: "ap",
    matchCase: false,
    from: { row: 0, column: 0 },
    backwards: false,
    limit: 10,
    ...more,
  };
}

describe("Arranger", () => {
  it("looks again where a value had not arrived at the first look", async () => {
    const arranger = new Arranger();
    const early = tableOf(2, [valuesColumn("name", ["apple", undefined])]);
    const whole = tableOf(2, [valuesColumn("name", ["apple", "grape"])]);
    expect(await arranger.find(early, find({}), never)).toMatchObject({ total: 1, complete: true });
    expect(await arranger.find(whole, find({}), never)).toMatchObject({ total: 2, complete: true });
  });

  it("finds texts in all cells row by row, and tells how many lie before a place", async () => {
    const arranger = new Arranger();
    expect(await arranger.find(table, find({}), never)).toEqual({
      hits: [
        { row: 0, column: 0 },
        { row: 3, column: 0 },
        { row: 3, column: 2 },
      ],
      before: 0,
      total: 3,
      complete: true,
    });
    expect(await arranger.find(table, find({ from: { row: 3, column: 1 } }), never)).toMatchObject({
      hits: [{ row: 3, column: 2 }],
      before: 2,
    });
    expect(
      await arranger.find(table, find({ from: { row: 3, column: 1 }, backwards: true, limit: 1 }), never),
    ).toMatchObject({ hits: [{ row: 3, column: 0 }], before: 1 });
    expect(await arranger.find(table, find({ matchCase: true, text: "Ap" }), never)).toMatchObject({
      total: 1,
    });
    expect(await arranger.find(table, find({ text: "12" }), never)).toMatchObject({
      hits: [
        { row: 0, column: 2 },
        { row: 1, column: 1 },
      ],
    });
  });

  it("finds them in the order that is shown, among the rows that are shown", async () => {
    const arranger = new Arranger();
    const arranged = await arranger.arrange(table, order, never);
    if ("problem" in arranged) throw new Error("it has an order");
    expect(arranged).toMatchObject({ rowCount: 3, complete: true });
    const params = find({ text: "1", arrangement: arranged.arrangement });
    expect((await arranger.find(table, params, never)).hits).toEqual([
      { row: 0, column: 1 },
      { row: 1, column: 2 },
      { row: 2, column: 1 },
    ]);
    const cells = await cellsOf(
      table,
      { rows: { from: 0, to: 9 }, columns: { from: 0, to: 1 } },
      arranger.arrangement(arranged.arrangement),
    );
    expect(cells.rows.map(({ row }) => row)).toEqual([1, 0, 2]);
    expect(cells.rowCount).toBe(3);
  });

  it("knows the same order by the same number, and forgets old ones", async () => {
    const arranger = new Arranger();
    const first = await arranger.arrange(table, order, never);
    expect(await arranger.arrange(table, order, never)).toEqual(first);
    for (let at = 0; at < 4; at++)
      await arranger.arrange(table, { ...order, filter: `count > ${at}` }, never);
    expect(() => arranger.arrangement(1)).toThrow("the arrangement 1 is not kept any more");
  });
});

describe("what a table's columns are like", () => {
  it("is told by their names, in whatever case", async () => {
    expect(await matchingColumns(table, "N", 10)).toEqual({
      positions: [0, 1, 2],
      names: ["name", "count", "note"],
    });
    expect(await matchingColumns(table, "not", 10)).toEqual({ positions: [2], names: ["note"] });
  });

  it("is told by their values, the most frequent first", async () => {
    const column = valuesColumn("x", ["a", "b", undefined, "b", undefined, undefined]);
    expect(await distinctOf(column, 6, 2)).toEqual({
      values: [
        { cell: { text: "None", kind: "none" }, count: 3 },
        { cell: { text: "b", kind: "text" }, count: 2 },
      ],
      complete: false,
    });
  });

  it("is told by which are constant, and which are like an earlier one", async () => {
    const same = tableOf(3, [
      numbersColumn("a", Float64Array.of(1, 2, NaN)),
      numbersColumn("b", Float64Array.of(5, 5, 5)),
      numbersColumn("c", Float64Array.of(1, 2, NaN)),
      valuesColumn("d", ["x", "x", "x"]),
      valuesColumn("e", ["x", "x", undefined]),
      valuesColumn("f", ["x", "x", "x"]),
    ]);
    expect(await unlikeColumns(same)).toEqual({
      constant: [1, 3, 5],
      equal: [
        { column: 2, to: 0 },
        { column: 5, to: 3 },
      ],
    });
  });
});
