import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { NdArray, openPickle, type PyChild, type PyNode } from "../../../src/pickle/index.ts";
import { assemble, inChunks, le, named, text } from "./assemble.ts";
import { slow } from "./slow.ts";

const int = (value: number): Uint8Array => assemble("\x8a", 8, le(value, 8));
const minusOne = assemble("J", le(0xffff_ffff, 4));
const tuple = (...parts: Uint8Array[]): Uint8Array => assemble("(", ...parts, "t");

/** A numpy array of doubles as protocol 4 has it, up to its bytes, of which there are to be `length`. */
function header(shape: readonly number[], length: number, order: "C" | "F" = "C"): Uint8Array {
  return assemble(
    named("numpy.core.multiarray", "_reconstruct"),
    tuple(named("numpy", "ndarray"), tuple(int(0)), assemble("C\x01b")),
    "R(K\x01",
    tuple(...shape.map(int)),
    assemble(named("numpy", "dtype"), tuple(text("f8"), assemble("\x89"), assemble("\x88")), "R"),
    tuple(int(3), text("<"), assemble("NNN", minusOne, minusOne), int(0)),
    assemble("b", order === "C" ? "\x89" : "\x88", "\x8e", le(length, 8)),
  );
}

const doubles = (count: number): Uint8Array =>
  new Uint8Array(Float64Array.from({ length: count }, (_, at) => at / 2).buffer);

async function previews(children: Promise<PyChild[]>): Promise<string[]> {
  return (await children).map(({ value }) => value.preview);
}

/** Whether a promise has not come true while everything else that can be done was done. */
async function waits(promise: Promise<unknown>): Promise<boolean> {
  let isDone = false;
  void promise.then(() => (isDone = true));
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  return !isDone;
}

async function childOf(node: PyNode, at: number): Promise<PyNode> {
  const [child] = await node.children({ from: at, to: at + 1 });
  if (child === undefined) throw new Error(`there is no child ${at}`);
  return child.value;
}

describe("an array whose bytes still arrive", () => {
  it("has its shape and its first rows, and pages wait for their own bytes alone", async () => {
    const data = doubles(100_000);
    const { source, give, end } = slow();
    give(assemble(header([50_000, 2], data.length), data.subarray(0, 16_016)));
    const { root, complete } = await openPickle(source, { size: data.length * 2 });
    expect(root).toMatchObject({ type: "numpy.ndarray", shape: [50_000, 2], length: 50_000 });
    expect(await previews(root.children({ from: 1000, to: 1001 }))).toEqual([
      "array([1000.0, 1000.5], dtype=float64)",
    ]);
    const [later, last] = [root.children({ from: 1001, to: 1002 }), root.children({ from: 49_999 })];
    expect(await waits(later)).toBe(true);
    give(data.subarray(16_016, 20_000));
    expect(await previews(later)).toEqual(["array([1001.0, 1001.5], dtype=float64)"]);
    expect(await waits(last)).toBe(true);
    give(data.subarray(20_000));
    expect(await previews(last)).toEqual(["array([49999.0, 49999.5], dtype=float64)"]);
    give(assemble("tb."));
    end();
    await complete;
    expect(await root.toValue()).toBeInstanceOf(NdArray);
  });

  it("shows of a long row what is there, and the row's own parts wait", async () => {
    const data = doubles(100_000);
    const { source, give } = slow();
    give(assemble(header([2, 50_000], data.length), data.subarray(0, 20_000)));
    const document = await openPickle(source);
    const row = await childOf(document.root, 0);
    expect(row.preview).toMatch(/^array\(\[0.0, 0.5, 1.0, .*shape=\(50000,\)\)$/);
    expect(await previews(row.children({ from: 2499, to: 2500 }))).toEqual(["1249.5"]);
    const [later, value] = [row.children({ from: 2500, to: 2501 }), row.toValue()];
    expect(await waits(Promise.race([later, value]))).toBe(true);
    give(data.subarray(20_000, 400_000));
    expect(await previews(later)).toEqual(["1250.0"]);
    expect(((await value) as NdArray).at(49_999)).toBe(24_999.5);
    document.close();
  });

  it("is one wherever in a value it lies, and stays the same node", async () => {
    const data = doubles(10_000);
    const { source, give, end } = slow();
    give(assemble("}(", text("n"), "K\x07", text("all"), "](N", header([10_000], data.length)));
    give(data.subarray(0, 100));
    const document = await openPickle(source);
    expect(await waits(document.root.children({ from: 0, to: 9 }))).toBe(true);
    expect(document.root.preview).toMatch(/^\{'n': 7, 'all': \[None, array\(.*shape=\(10000,\)\)\]\}$/);
    const list = await childOf(document.root, 1);
    const array = await childOf(list, 1);
    expect(await previews(array.children({ from: 11, to: 12 }))).toEqual(["5.5"]);
    give(assemble(data.subarray(100), "tbe", text("more"), "Nu."));
    end();
    await document.complete;
    expect(document.node(array.id)?.shape).toEqual([10_000]);
    expect((await childOf(await childOf(document.root, 1), 1)).id).toBe(array.id);
    expect([...((await document.root.toValue()) as Map<string, unknown>).keys()]).toEqual([
      "n",
      "all",
      "more",
    ]);
  });

  it("in the other order waits for all of it, as a row's elements lie everywhere", async () => {
    const data = doubles(10_000);
    const { source, give, end } = slow();
    give(assemble(header([100, 100], data.length, "F"), data.subarray(0, 40_000)));
    const { root } = await openPickle(source);
    expect(root.shape).toEqual([100, 100]);
    const page = root.children({ from: 0, to: 1 });
    expect(await waits(page)).toBe(true);
    give(assemble(data.subarray(40_000), "tb."));
    end();
    expect(await previews(page)).toEqual([expect.stringContaining("array([0.0, 50.0, 100.0")]);
  });

  it("keeps the rows that are there when the bytes break off", async () => {
    const whole = header([10_000, 2], 160_000);
    for (const bytes of [80_000, 80_015]) {
      const cut = assemble("](", whole, doubles(20_000).subarray(0, bytes));
      const document = await openPickle(inChunks(cut, 5000));
      await expect(document.complete).rejects.toMatchObject({ code: "truncated" });
      const array = await childOf(document.root, 0);
      expect(array).toMatchObject({ type: "numpy.ndarray", shape: [5000, 2], childCount: 5000 });
      expect(await previews(array.children({ from: 4999 }))).toEqual([
        "array([4999.0, 4999.5], dtype=float64)",
      ]);
    }
  });

  it("is none where it says that it has more or less than its bytes", async () => {
    for (const [shape, length] of [
      [[2 ** 40], 1_000_000],
      [[10, 10], 1_000_000],
      [[2 ** 50, 2 ** 50], 2 ** 52],
    ] as const) {
      const { source, give } = slow();
      give(assemble(header(shape, length), doubles(1000)));
      const document = await openPickle(source);
      expect(document.root.shape).toBeUndefined();
      document.close();
    }
  });

  it("costs nothing by what it claims", async () => {
    const { source, give, end } = slow();
    give(assemble(header([2 ** 40, 8], 2 ** 46), doubles(1000)));
    const document = await openPickle(source);
    expect(document.root).toMatchObject({ shape: [2 ** 40, 8], childCount: 2 ** 40 });
    const far = document.root.children({ from: 2 ** 39 });
    expect(await waits(far)).toBe(true);
    end();
    expect(await far).toEqual([]);
    expect(document.root.shape).toEqual([125, 8]);
  });
});

describe("a frame whose bytes still arrive", () => {
  it("is an object with the blocks that are there", async () => {
    const data = doubles(20_000);
    const block = (rows: number): Uint8Array =>
      assemble(named("pandas._libs.internals", "_unpickle_block"), header([rows, 5000], rows * 40_000));
    const { source, give } = slow();
    give(
      assemble(
        named("pandas.core.frame", "DataFrame"),
        ")\x81}(",
        text("_mgr"),
        named("pandas.core.internals.managers", "BlockManager"),
        assemble(block(1), data.subarray(0, 40_000), "tb"),
        named("builtins", "slice"),
        "K\x00K\x01K\x01\x87RK\x02\x87R",
        assemble(block(3), data.subarray(0, 50_000)),
      ),
    );
    const document = await openPickle(source);
    expect(document.root.type).toBe("pandas.core.frame.DataFrame");
    const manager = await childOf(document.root, 0);
    expect(manager).toMatchObject({ type: "pandas.core.internals.managers.BlockManager", childCount: 2 });
    const second = await childOf(await childOf(manager, 1), 0);
    expect(second.shape).toEqual([3, 5000]);
    expect(await previews(second.children({ from: 0, to: 1 }))).toHaveLength(1);
    document.close();
  });
});
