import { describe, expect, it } from "vitest";
import { openPickle } from "../../../src/pickle/index.ts";
import { Arrangement } from "../../../src/worker/arrange/arrangement.ts";
import { distinctOf } from "../../../src/worker/arrange/distinct.ts";
import { nameOf } from "../../../src/worker/arrange/columns.ts";
import { withValue } from "../../../src/webview/artifact/table/filterText.ts";

// [{"day": date(2020, 1, n), "at": datetime(2020, 1, n, 2, 3), "took": timedelta(hours=9 * n)} for n in (1, 2, 3)]
const RECORDS =
  "gASV4wAAAAAAAABdlCh9lCiMA2RheZSMCGRhdGV0aW1llIwEZGF0ZZSTlEMEB+QBAZSFlFKUjAJhdJRoA4wIZGF0ZXRpbWWUk5RDCgfkAQECAwAAAACUhZRSlIwEdG9va5RoA4wJdGltZWRlbHRhlJOUSwBNkH5LAIeUUpR1fZQoaAJoBUMEB+QBApSFlFKUaAloC0MKB+QBAgIDAAAAAJSFlFKUaA9oEUsATSD9SwCHlFKUdX2UKGgCaAVDBAfkAQOUhZRSlGgJaAtDCgfkAQMCAwAAAACUhZRSlGgPaBFLAU0wKksAh5RSlHVlLg==";

describe("a filter of Python's own times", () => {
  it.each([
    ["day == 2020-01-02", [1]],
    ["day >= '2020-01-02'", [1, 2]],
    ["at > 2020-01-02", [1, 2]],
    ["at == 2020-01-03T02:03", [2]],
    ["at between 2020-01-01 and 2020-01-02", [0]],
    ["day in ['2020-01-01', '2020-01-03']", [0, 2]],
    ["day != 2020-01-01", [1, 2]],
    // As texts 9:00:00 would come after 18:00:00.
    ["took > 10h", [1, 2]],
    ["took == '1 day, 3:00:00'", [2]],
  ])("%s", async (filter, expected) => {
    const arrangement = new Arrangement(await records(), [], filter);
    await arrangement.done;
    expect([...(await arrangement.rows(0, 3))]).toEqual(expected);
  });

  it("lets through what a person picks from the values of a column", async () => {
    const table = await records();
    for (let at = 0; at < table.columnCount; at++) {
      const column = table.column(at);
      const { values } = await distinctOf(column, table.rowCount, 3);
      expect(values).toHaveLength(3);
      for (const { cell } of values) {
        const filter = withValue("", nameOf(column), cell);
        const arrangement = new Arrangement(table, [], filter);
        await arrangement.done;
        expect(arrangement.rowCount, filter).toBe(1);
      }
    }
  });
});

async function records() {
  const document = await openPickle(Buffer.from(RECORDS, "base64"));
  await document.complete;
  const table = document.root.table();
  if (table === undefined) throw new Error("these are records");
  return table;
}
