import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Op } from "../../../src/pickle/opcodes.ts";
import { openPickle } from "../../../src/pickle/index.ts";
import type { Tagged } from "../../../src/pickle/index.ts";
import { assemble, le, named, text } from "./assemble.ts";

async function tagged(...parts: Parameters<typeof assemble>): Promise<Tagged> {
  const document = await openPickle(assemble(...parts));
  await document.complete;
  return document.root.tagged();
}

const int = (v: number): Tagged => ({ t: "int", v: String(v) });

describe("the scanner's switch", () => {
  it("has every opcode under its number", async () => {
    const source = await readFile(new URL("../../../src/pickle/scan.ts", import.meta.url), "utf8");
    const cases = [...source.matchAll(/case (0x[0-9a-f]{2}):(?: \{)?\s*\/\/ (\w+)/g)].map(
      ([, code, name]) => [name, Number(code)],
    );
    expect(Object.fromEntries(cases)).toEqual(Op);
    expect(cases).toHaveLength(Object.keys(Op).length);
  });
});

describe("an opcode", () => {
  it("reads the texts of protocol 0 as Python does", async () => {
    expect(await tagged("I42\n.")).toEqual(int(42));
    expect(await tagged("I01\n.")).toEqual({ t: "bool", v: true });
    expect(await tagged("I00\n.")).toEqual({ t: "bool", v: false });
    expect(await tagged("I-0\n.")).toEqual(int(0));
    expect(await tagged("I0x1F\n.")).toEqual(int(31));
    expect(await tagged("L123456789012345678901L\n.")).toEqual({ t: "int", v: "123456789012345678901" });
    expect(await tagged("L-5L\n.")).toEqual(int(-5));
    expect(await tagged("F1.5e3\n.")).toEqual({ t: "float", v: 1500 });
    expect(await tagged("F-inf\n.")).toEqual({ t: "float", v: "-inf" });
    expect(await tagged("Fnan\n.")).toEqual({ t: "float", v: "nan" });
    expect(await tagged("F-0.0\n.")).toEqual({ t: "float", v: "-0" });
    expect(await tagged("S'a\\'b\\x41\\n\\101'\n.")).toEqual({ t: "str", v: "a'bA\nA" });
    expect(await tagged('S"q"\n.')).toEqual({ t: "str", v: "q" });
    expect(await tagged("Va\\u0041\\\\u0042\\U0001f600\xe9\n.")).toEqual({ t: "str", v: "aA\\\\u0042😀é" });
    expect(await tagged("(lp0\nI1\nag0\na.")).toEqual({ t: "list", v: [int(1), { t: "ref", id: 1 }], id: 1 });
    expect(await tagged("(dp0\nS'k'\nI1\ns.")).toEqual({ t: "dict", v: [[{ t: "str", v: "k" }, int(1)]] });
    expect(await tagged("(I1\nI2\nt.")).toEqual({ t: "tuple", v: [int(1), int(2)] });
    expect(await tagged("(t.")).toEqual({ t: "tuple", v: [] });
    expect(await tagged("(I1\nI2\nd.")).toEqual({ t: "dict", v: [[int(1), int(2)]] });
  });

  it("maps Python 2's names in protocols 0 to 2 and only there", async () => {
    expect(await tagged("c__builtin__\nxrange\n.")).toEqual({
      t: "global",
      module: "builtins",
      name: "range",
    });
    expect(await tagged("ccopy_reg\n_reconstructor\n.")).toMatchObject({ module: "copyreg" });
    expect(await tagged("cexceptions\nValueError\n.")).toMatchObject({
      module: "builtins",
      name: "ValueError",
    });
    expect(await tagged("curllib\nquote\n.")).toMatchObject({ module: "urllib.parse", name: "quote" });
    expect(await tagged(Op.PROTO, 3, "c__builtin__\nxrange\n.")).toMatchObject({
      module: "__builtin__",
      name: "xrange",
    });
  });

  it("builds instances by INST, OBJ, NEWOBJ, NEWOBJ_EX and REDUCE alike", async () => {
    const expected = { t: "object", module: "m", name: "C", args: [int(1)] };
    expect(await tagged("(I1\nim\nC\n.")).toEqual(expected);
    expect(await tagged("(cm\nC\nI1\no.")).toEqual(expected);
    expect(await tagged("cm\nC\n(I1\nt", Op.NEWOBJ, ".")).toEqual(expected);
    expect(await tagged("cm\nC\n(I1\ntR.")).toEqual(expected);
    const kwargs = assemble("}", text("__proto__"), "K\x02s");
    const answer = await tagged("cm\nC\n(I1\nt", kwargs, Op.NEWOBJ_EX, ".");
    expect(JSON.stringify(answer["kwargs"])).toBe('{"__proto__":{"t":"int","v":"2"}}');
  });

  it("keeps arguments, state, items and entries of one object", async () => {
    const answer = await tagged("cm\nC\n(I1\ntR(I2\nI3\ne(I4\nI5\nu}", text("a"), "I6\nsb.");
    expect(answer).toEqual({
      t: "object",
      module: "m",
      name: "C",
      args: [int(1)],
      state: { t: "dict", v: [[{ t: "str", v: "a" }, int(6)]] },
      items: [int(2), int(3)],
      entries: [[int(4), int(5)]],
    });
  });

  it("reads DUP, POP, POP_MARK and the memo as a stack machine does", async () => {
    expect(await tagged("I1\n2", Op.TUPLE2, ".")).toEqual({ t: "tuple", v: [int(1), int(1)] });
    expect(await tagged("I1\nI2\n0.")).toEqual(int(1));
    expect(await tagged("I1\n(I2\nI3\n1.")).toEqual(int(1));
    expect(await tagged("I1\n(0.")).toEqual(int(1));
    expect(await tagged("I1\nr", le(70000, 4), "0j", le(70000, 4), ".")).toEqual(int(1));
    expect(await tagged("]", Op.MEMOIZE, "h\0a.")).toEqual({ t: "list", v: [{ t: "ref", id: 1 }], id: 1 });
  });

  it("shows what lies elsewhere as opaque", async () => {
    for (const parts of [
      ["Pid\n."],
      ["I1\nQ."],
      [Op.EXT1, 1, "."],
      [Op.EXT4, le(9, 4), "."],
      [Op.NEXT_BUFFER, Op.READONLY_BUFFER, "."],
    ]) {
      expect((await tagged(...parts)).t).toBe("opaque");
    }
  });

  it("never calls what it names", async () => {
    const answer = await tagged(named("os", "system"), "(", text("touch /tmp/pickled"), "tR.");
    expect(answer).toEqual({
      t: "object",
      module: "os",
      name: "system",
      args: [{ t: "str", v: "touch /tmp/pickled" }],
    });
    const chain = await tagged(named("builtins", "getattr"), "(", named("os", "system"), text("x"), "tR(tR.");
    expect(chain.t).toBe("object");
  });

  it("reads ints of any length, floats to the bit", async () => {
    expect(await tagged(Op.LONG1, 0, ".")).toEqual(int(0));
    expect(await tagged(Op.LONG1, 2, "\xff\xff", ".")).toEqual(int(-1));
    expect(await tagged(Op.LONG1, 7, "\0\0\0\0\0\0\x80", ".")).toEqual({ t: "int", v: String(-(2n ** 55n)) });
    const huge = new Uint8Array(300_000).fill(0xff);
    huge[huge.length - 1] = 0x7f;
    const answer = await tagged(Op.LONG4, le(huge.length, 4), huge, ".");
    expect(answer["v"]).toBe((2n ** (8n * 300_000n - 1n) - 1n).toString());
    const nan = await tagged(Op.BINFLOAT, "\x7f\xf8\0\0\0\0\0\0", ".");
    expect(nan).toEqual({ t: "float", v: "nan" });
  });

  it("keeps lone surrogates and shows bytes that are no text", async () => {
    expect(await tagged(Op.SHORT_BINUNICODE, 3, "\xed\xa0\x80", ".")).toEqual({ t: "str", v: "\ud800" });
    expect(await tagged(Op.SHORT_BINUNICODE, 2, "\xff\x41", ".")).toMatchObject({
      t: "opaque",
      len: 2,
      head: "ff41",
    });
    expect(await tagged(Op.SHORT_BINUNICODE, 2, "\xc0\x80", ".")).toMatchObject({ t: "opaque" });
    expect(await tagged("U\x02\xe9!.")).toMatchObject({ t: "bytes", head: "e921" });
    expect(await tagged("U\x02ab.")).toEqual({ t: "str", v: "ab" });
  });
});

describe("dicts and sets", () => {
  it("take the last value of a key that is set again, at its first place", async () => {
    const answer = await tagged(
      "}(K\x01",
      text("a"),
      "K\x02",
      text("b"),
      Op.NEWTRUE,
      text("c"),
      Op.BINFLOAT,
      "\x3f\xf0\0\0\0\0\0\0",
      text("d"),
      "u.",
    );
    expect(answer["v"]).toEqual([
      [int(1), { t: "str", v: "d" }],
      [int(2), { t: "str", v: "b" }],
    ]);
  });

  it("take equal texts, tuples and frozensets for one key, whatever their opcodes", async () => {
    const answer = await tagged(
      "}(",
      text("k"),
      "K\x01",
      "X",
      le(1, 4),
      "k",
      "K\x02",
      "K\x01K\x02",
      Op.TUPLE2,
      "K\x03",
      Op.NEWTRUE,
      "K\x02",
      Op.TUPLE2,
      "K\x04u.",
    );
    expect(answer["v"]).toEqual([
      [{ t: "str", v: "k" }, int(2)],
      [{ t: "tuple", v: [int(1), int(2)] }, int(4)],
    ]);
    const sets = await tagged(
      Op.EMPTY_SET,
      "((K\x01K\x02",
      Op.FROZENSET,
      "(K\x02K\x01",
      Op.FROZENSET,
      Op.ADDITEMS,
      ".",
    );
    expect(sets["v"]).toHaveLength(1);
  });

  it("keep NaN keys and unhashable keys apart", async () => {
    const nan = assemble(Op.BINFLOAT, "\x7f\xf8\0\0\0\0\0\0");
    const answer = await tagged("}(", nan, "K\x01", nan, "K\x02", "]K\x03]K\x04u.");
    expect(answer["v"]).toHaveLength(4);
    const document = await openPickle(assemble("}(", nan, "K\x01", nan, "K\x02u."));
    expect(await document.root.toValue()).toEqual([
      [NaN, 1],
      [NaN, 2],
    ]);
  });

  it("count equal keys once also in large containers", async () => {
    const keys = Array.from({ length: 5000 }, (_, i) => assemble(text(`k${i % 4999}`), "N"));
    const { root } = await openPickle(assemble("}(", ...keys, "u."));
    expect(root.length).toBe(4999);
    expect(await root.children({ from: 4998, to: 6000 })).toHaveLength(1);
  });
});

describe("limits of the lossless form", () => {
  it("keep the first members and tell the length", async () => {
    const { root } = await openPickle(assemble("](K\x01K\x02K\x03]e."));
    expect(await root.tagged({ items: 2 })).toEqual({ t: "list", v: [int(1), int(2)], len: 4 });
    expect(await root.tagged({ depth: 0 })).toEqual({ t: "list", v: [], len: 4 });
    expect((await root.tagged({ depth: 1 }))["v"]).toEqual([int(1), int(2), int(3), { t: "list", v: [] }]);
  });
});
