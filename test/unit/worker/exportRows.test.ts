import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPickle } from "../../../src/pickle/index.ts";
import type { RowOrder } from "../../../src/protocol/arrange.ts";
import type { ExportFormat } from "../../../src/protocol/exports.ts";
import { exportValue } from "../../../src/worker/export/index.ts";

// [{"id": n, "name": "n" * n} for n in range(5)]
const RECORDS =
  "(lp0\n" +
  Array.from({ length: 5 }, (_, n) => `(dVid\nI${n}\nsVname\nV${"n".repeat(n)}\nsa`).join("") +
  ".";

describe("an export of the rows that are shown", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-export-rows-"));
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  async function written(format: ExportFormat, rows: RowOrder): Promise<Buffer> {
    const document = await openPickle(Buffer.from(RECORDS));
    await document.complete;
    const file = join(folder, `records.${format}`);
    await exportValue(
      { root: document.root, pickle: async () => Promise.reject(new Error("not asked for")) },
      { format, file, rows },
      AbortSignal.timeout(10_000),
      () => undefined,
    );
    return readFile(file);
  }

  it("has these alone, in their order", async () => {
    const rows = { filter: "id >= 2", sort: [{ column: 0, descending: true }] };
    expect((await written("csv", rows)).toString()).toBe("id,name\n4,nnnn\n3,nnn\n2,nn\n");
    expect((await written("json", rows)).toString()).toBe(
      '{"id": 4, "name": "nnnn"}\n{"id": 3, "name": "nnn"}\n{"id": 2, "name": "nn"}\n',
    );
    expect((await written("parquet", rows)).subarray(0, 4).toString()).toBe("PAR1");
  });

  it("has all of them in an order where there is no filter", async () => {
    const rows = { filter: "", sort: [{ column: 0, descending: true }] };
    expect((await written("csv", rows)).toString()).toMatch(/^id,name\n4,/);
    expect((await written("csv", rows)).toString().split("\n")).toHaveLength(7);
  });

  it("leaves no file behind where the filter cannot be understood", async () => {
    await expect(written("csv", { filter: "id <", sort: [] })).rejects.toMatchObject({ code: "no-form" });
    expect((await readdir(folder)).filter((name) => name.includes("partial"))).toEqual([]);
  });
});
