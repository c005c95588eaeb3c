import { describe, expect, it } from "vitest";
import { openPickle, type PyNode } from "../../../src/pickle/index.ts";
import { assemble, bytes, call, int, le, named, text, tuple } from "./assemble.ts";

// Values that no library writes: what they claim is not what they hold.

/** The bytes of a storage of float32, as torch writes them. @param count how many elements it claims */
function storage(values: readonly number[], count = values.length): Uint8Array {
  const wide = (value: string): Uint8Array => assemble("X", le(value.length, 4), value);
  const id = assemble(
    "(",
    wide("storage"),
    "ctorch\nFloatStorage\n",
    wide("0"),
    wide("cpu"),
    int(count),
    "tQ.",
  );
  const data = new Uint8Array(Float32Array.from(values).buffer);
  return assemble("\x80\x02N.\x80\x02N.\x80\x02}.\x80\x02", id, "\x80\x02].", le(count, 8), data);
}

interface Claims {
  offset?: number;
  shape: readonly number[];
  strides: readonly number[];
  count?: number;
}

async function tensor({ offset = 0, shape, strides, count }: Claims): Promise<PyNode> {
  const loaded = call("torch.storage", "_load_from_bytes", bytes(storage([1.5, 2, 0.1, -1], count)));
  const args = [
    loaded,
    int(offset),
    tuple(...shape.map(int)),
    tuple(...strides.map(int)),
    assemble("\x89"),
    assemble("N"),
  ];
  const made = call("torch._utils", "_rebuild_tensor_v2", ...args);
  return (await openPickle(assemble("\x80\x04", made, "."))).root;
}

function firstColumn(node: PyNode): string[] {
  const table = node.table();
  return Array.from(
    { length: Math.min(4, table?.rowCount ?? 0) },
    (_, row) => table?.column(0).cell(row).text ?? "",
  );
}

describe("a tensor", () => {
  it("has the elements that its strides say", async () => {
    const node = await tensor({ shape: [2, 2], strides: [1, 2] });
    expect(node).toMatchObject({ type: "torch.Tensor", shape: [2, 2], isTabular: true });
    expect(node.preview).toBe("tensor([1.5, 0.1, 2.0, -1.0], dtype=torch.float32, shape=(2, 2))");
    expect(firstColumn(node)).toEqual(["1.5", "2.0"]);
  });

  it("says so where its elements lie outside its storage", async () => {
    for (const claims of [
      { shape: [5], strides: [1] },
      { offset: 4, shape: [1], strides: [1] },
      { shape: [2, 2], strides: [2 ** 40, 1] },
    ]) {
      const node = await tensor(claims);
      expect(node.preview).toContain("elements that lie outside its storage");
      expect([node.isTabular, node.table()]).toEqual([false, undefined]);
    }
  });

  it("is not laid out where one element stands for more than could be stored", async () => {
    const node = await tensor({ shape: [2 ** 20, 2 ** 20], strides: [0, 0] });
    expect(node.preview).toContain("4 elements that stand for 1099511627776");
    expect(firstColumn(await tensor({ shape: [3, 5], strides: [0, 0] }))).toEqual(["1.5", "1.5", "1.5"]);
  });

  it("says so where its storage claims more than there is", async () => {
    const node = await tensor({ shape: [2], strides: [1], count: 2 ** 30 });
    expect(node.preview).toContain("a storage whose bytes are not all there");
  });

  it("stays an object in the lossless form", async () => {
    const told = await (await tensor({ shape: [2, 2], strides: [1, 2] })).tagged({ depth: 1 });
    expect(told).toMatchObject({ t: "object", module: "torch._utils", name: "_rebuild_tensor_v2" });
  });
});

/** A matrix of three values, of which the rows begin where `starts` says. */
async function matrix(
  starts: readonly number[],
  indices: readonly number[],
  shape: readonly number[],
): Promise<PyNode> {
  const array = (kind: string, values: Float64Array | Int32Array): Uint8Array => {
    const dtype = call("numpy", "dtype", text(kind), assemble("\x89"), assemble("\x88"));
    const data = bytes(new Uint8Array(values.buffer));
    return call("numpy.core.numeric", "_frombuffer", data, dtype, tuple(int(values.length)), text("C"));
  };
  const state = assemble(
    "}(",
    ...[text("_shape"), tuple(...shape.map(int)), text("data"), array("f8", Float64Array.of(1.5, -2, 3))],
    ...[text("indices"), array("i4", Int32Array.from(indices))],
    ...[text("indptr"), array("i4", Int32Array.from(starts)), "u"],
  );
  const made = assemble(named("scipy.sparse._csr", "csr_matrix"), ")\x81", state, "b.");
  return (await openPickle(assemble("\x80\x04", made))).root;
}

function cells(node: PyNode, rows: number, columns: number): string[][] {
  const table = node.table();
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => table?.column(column).cell(row).text ?? ""),
  );
}

describe("a sparse matrix", () => {
  it("has zeros where nothing is stored, which are marked", async () => {
    const node = await matrix([0, 1, 3], [1, 0, 2], [2, 3]);
    expect(node).toMatchObject({ type: "scipy.sparse._csr.csr_matrix", shape: [2, 3] });
    expect(node.preview).toBe("csr_matrix(2 × 3, dtype=float64, 3 stored)");
    expect(cells(node, 2, 3)).toEqual([
      ["0.0", "1.5", "0.0"],
      ["-2.0", "0.0", "3.0"],
    ]);
    expect(node.table()?.column(0).cell(0).kind).toBe("absent");
    expect(node.table()?.column(0).key(0)).toBe(0);
  });

  it("adds up what is stored at one place, in whichever order", async () => {
    expect(cells(await matrix([0, 3], [2, 0, 2], [1, 3]), 1, 3)).toEqual([["-2.0", "0.0", "4.5"]]);
  });

  it("has only what is there where its rows begin and end elsewhere", async () => {
    expect(cells(await matrix([-5, 9, 2, 100], [7, -1, 2], [3, 3]), 3, 3).flat()).toHaveLength(9);
    const huge = await matrix([0, 1], [0, 1, 2], [2 ** 50, 2 ** 50]);
    expect(
      huge
        .table()
        ?.column(2 ** 49)
        .cell(2 ** 49).text,
    ).toBe("0.0");
  });
});

describe("a view", () => {
  it("has a short text, however deep its values are", async () => {
    const depth = 20_000;
    const field = named("pyarrow.lib", "field");
    const made = assemble(
      ...Array.from({ length: depth }, () => assemble(field, "(", text("a"))),
      "N",
      ...Array.from({ length: depth }, () => "tR"),
    );
    const { root } = await openPickle(assemble("\x80\x04", made, "."));
    expect(root.type).toBe("pyarrow.lib.Field");
    expect(root.preview).toBe("Field(a: Field(a: Field(a: …)))");
    expect((await root.children()).map(({ key }) => key)).toEqual([".name", ".type"]);
  });
});

describe("a cell of a table", () => {
  it("shows what begins a long text, cut at a character, as it shows a short one", async () => {
    const long = "grüße ".repeat(2000);
    const bytes = Buffer.from(long);
    const record = (value: string, size: number): Uint8Array =>
      assemble("}", text("a"), "X", le(size, 4), value, "s");
    const pickle = assemble("](", record("short", 5), record(bytes.toString("latin1"), bytes.length), "e.");
    const document = await openPickle(pickle);
    await document.complete;
    const column = document.root.table()?.column(0);
    expect(column?.cell(0)).toMatchObject({ text: "short", kind: "text" });
    const cell = column?.cell(1);
    expect(cell).toMatchObject({ kind: "text", cut: true });
    expect(long.startsWith(cell?.text ?? "?")).toBe(true);
    expect(cell?.text.length).toBeGreaterThan(100);
  });

  it("cuts a text of protocol 0 at an escape, wherever it falls", async () => {
    for (const before of ["", "a", "ab", "abc", "abcd", "abcde", "\\u005c"]) {
      const line = before + "\\u017e\\U0001f40d".repeat(1000);
      const document = await openPickle(assemble("((dVa\nV", line, "\ns(dVa\nVb\nsl."));
      await document.complete;
      const cell = document.root.table()?.column(0).cell(0);
      expect(cell).toMatchObject({ kind: "text", cut: true });
      expect(cell?.text).toMatch(/^(\\|[a-e]*)(ž🐍){50}/u);
    }
  });
});
