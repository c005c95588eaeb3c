import { describe, expect, it } from "vitest";
import type { CellValue, Table, TableCell } from "../../../src/pickle/index.ts";
import { copyCells } from "../../../src/worker/copy/index.ts";
import { csvField, markdownField, tsvField } from "../../../src/worker/copy/fields.ts";
import type { CellFormat } from "../../../src/protocol/copyCells.ts";

const label = (text: string, kind: TableCell["kind"] = "text"): TableCell => ({ text, kind });

/** A frame of these columns, with the labels `r0`, `r1` … */
function frame(columns: Readonly<Record<string, readonly CellValue[]>>): Table {
  const names = Object.keys(columns);
  return {
    kind: "frame",
    rowCount: Math.max(...Object.values(columns).map(({ length }) => length)),
    columnCount: names.length,
    rowLevels: ["key"],
    columnLevels: [""],
    rowLabels: (row) => [label(`r${row}`)],
    rowKeys: (row) => [{ kind: "text", value: `r${row}` }],
    column: (at) => ({
      labels: [label(names[at] ?? "")],
      dtype: "object",
      family: "other",
      cell: () => label(""),
      key: () => undefined,
      exact: (row) => columns[names[at] ?? ""]?.[row] ?? { kind: "pending" },
    }),
  };
}

const WIDE = [{ from: 0, to: 9 }];
async function copied(table: Table, format: CellFormat, rows = WIDE, columns = WIDE): Promise<string> {
  const params = { rows, columns, format, headers: true, rowLabels: true };
  return (await copyCells(table, params)).text;
}

const ODD = frame({
  "a\tb": [{ kind: "int", value: 2n ** 70n }, { kind: "nan" }, { kind: "none" }],
  c: [
    { kind: "text", value: '=1+1,"x"\n' },
    { kind: "text", value: "" },
    { kind: "nested", value: () => [1, null, new Map([["k", "ü"]])], source: () => "[1, None, {'k': 'ü'}]" },
  ],
});

describe("copyCells", () => {
  it("writes TSV that spreadsheets read, and nothing for what is not there", async () => {
    expect(await copied(ODD, "tsv")).toBe(
      'key\t"a\tb"\tc\nr0\t1180591620717411303424\t"=1+1,""x""\n"\nr1\t\t\nr2\t\t[1, null, {"k": "ü"}]\n',
    );
  });

  it("writes CSV that tells an empty text from a value that is not there", async () => {
    expect(await copied(ODD, "csv")).toBe(
      'key,a\tb,c\nr0,1180591620717411303424,"=1+1,""x""\n"\nr1,,""\nr2,,"[1, null, {""k"": ""ü""}]"\n',
    );
  });

  it("writes Markdown whose cells stay one line and no markup", async () => {
    expect(await copied(ODD, "markdown")).toBe(
      '| key | a\\\\x09b | c |\n|:--|:--|:--|\n| r0 | 1180591620717411303424 | =1+1,"x"<br> |\n| r1 | nan |  |\n| r2 | None | \\[1, null, {"k": "ü"}\\] |\n',
    );
  });

  it("writes Python source with its imports", async () => {
    expect(await copied(ODD, "python")).toBe(
      "import pandas as pd\n\ndf = pd.DataFrame({\n    'a\\tb': [1180591620717411303424, float('nan'), None],\n    'c': ['=1+1,\"x\"\\n', '', [1, None, {'k': 'ü'}]],\n}, index=pd.Index(['r0', 'r1', 'r2'], name='key'))\n",
    );
  });

  it("takes several ranges in their order, and leaves headers and labels where they are not wanted", async () => {
    const rows = [
      { from: 2, to: 3 },
      { from: 0, to: 1 },
    ];
    const table = frame({ a: [0, 1, 2].map((value) => ({ kind: "int", value })), b: [], c: [] });
    const plain = {
      headers: false,
      rowLabels: false,
      format: "tsv",
      rows,
      columns: [{ from: 0, to: 1 }],
    } as const;
    expect(await copyCells(table, plain)).toMatchObject({ text: "2\n0\n", rowCount: 2, columnCount: 1 });
    const order = { count: 3, rowAt: (position: number) => 2 - position };
    expect((await copyCells(table, plain, { order })).text).toBe("0\n2\n");
  });

  it("refuses what is too large for a clipboard, by name, instead of a part", async () => {
    const params = { rows: WIDE, columns: WIDE, format: "csv", headers: true, rowLabels: false } as const;
    await expect(copyCells(ODD, params, { maxCharacters: 20 })).rejects.toMatchObject({
      code: "too-large",
      message: expect.stringMatching(/^The 3 × 2 cells are too large for the clipboard: as CSV/) as string,
    });
  });

  it("makes no more Python source than is let through", async () => {
    let made = 0;
    const long = { kind: "text", value: "x".repeat(1000) } as const;
    const table = frame({ a: Array.from({ length: 10_000 }, () => long) });
    const [column] = [table.column(0)];
    const counted = {
      ...table,
      column: () => ({ ...column, exact: () => (made++, long) }),
    };
    const rows = [{ from: 0, to: 10_000 }];
    const params = { rows, columns: WIDE, format: "python", headers: true, rowLabels: false } as const;
    await expect(copyCells(counted, params, { maxCharacters: 20_000 })).rejects.toMatchObject({
      code: "too-large",
    });
    expect(made).toBeLessThan(30);
  });

  it("stops when nobody wants it any more, also where rows have no columns", async () => {
    const rows = [{ from: 0, to: 60_000_000 }];
    const none = { ...frame({}), rowCount: 60_000_000 };
    for (const format of ["csv", "markdown"] as const) {
      const params = { rows, columns: WIDE, format, headers: false, rowLabels: false };
      const signal = AbortSignal.timeout(5);
      await expect(copyCells(none, params, { signal })).rejects.toThrow();
    }
  });

  it("stops when nobody wants it any more", async () => {
    const many = frame({ a: Array.from({ length: 400_000 }, () => ({ kind: "text", value: "some text" })) });
    const params = { rows: [{ from: 0, to: 400_000 }], columns: WIDE, format: "tsv" } as const;
    const labels = { headers: false, rowLabels: false };
    const abort = new AbortController();
    const stopped = copyCells(many, { ...params, ...labels }, { signal: abort.signal });
    setImmediate(() => {
      abort.abort(new Error("not wanted any more"));
    });
    await expect(stopped).rejects.toThrow("not wanted any more");
  });
});

describe("fields", () => {
  it("are quoted where they would be read as something else", () => {
    expect(["a b", 'a"b', '"a', "a\tb", "a\rb"].map(tsvField)).toEqual([
      "a b",
      'a"b',
      '"""a"',
      '"a\tb"',
      '"a\rb"',
    ]);
    expect(["a b", "a,b", 'a"b', ""].map(csvField)).toEqual(["a b", '"a,b"', '"a""b"', '""']);
    expect(markdownField("<NA>|*x*\x07\r\n_")).toBe("\\<NA\\>\\|\\*x\\*\\\\x07<br>\\_");
  });
});
