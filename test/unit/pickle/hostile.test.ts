import { describe, expect, it } from "vitest";
import { Op } from "../../../src/pickle/opcodes.ts";
import { openPickle, PickleError } from "../../../src/pickle/index.ts";
import type { PyDocument } from "../../../src/pickle/index.ts";
import { assemble, inChunks, le, named, text } from "./assemble.ts";

async function open(...parts: Parameters<typeof assemble>): Promise<PyDocument> {
  return openPickle(assemble(...parts));
}

async function problem(...parts: Parameters<typeof assemble>): Promise<[string, number] | undefined> {
  const document = await open(...parts);
  const rejected: unknown = await document.complete.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(rejected).toBe(document.problem);
  await document.root.tagged();
  await document.root.toValue();
  expect(document.root.preview).not.toBe("");
  if (rejected === undefined) return undefined;
  if (!(rejected instanceof PickleError)) throw new Error("something else was thrown");
  return [rejected.code, rejected.offset];
}

describe("a pickle that Python would refuse", () => {
  it("is refused with the reason and the offset", async () => {
    expect(await problem()).toEqual(["empty", 0]);
    expect(await problem("]")).toEqual(["truncated", 1]);
    expect(await problem("K")).toEqual(["truncated", 1]);
    expect(await problem(".")).toEqual(["underflow", 0]);
    expect(await problem("Na.")).toEqual(["underflow", 1]);
    expect(await problem("]N(a.")).toEqual(["underflow", 3]);
    expect(await problem("(.")).toEqual(["underflow", 1]);
    expect(await problem("Nt.")).toEqual(["mark", 1]);
    expect(await problem("h\x05.")).toEqual(["memo", 0]);
    expect(await problem("gx\n.")).toEqual(["memo", 0]);
    expect(await problem("\xfe")).toEqual(["opcode", 0]);
    expect(await problem(Op.PROTO, 6, "N.")).toEqual(["protocol", 0]);
    expect(await problem("Iabc\n.")).toEqual(["value", 0]);
    expect(await problem("Fone\n.")).toEqual(["value", 0]);
    expect(await problem("Snope\n.")).toEqual(["value", 0]);
    expect(await problem("}(NNNu.")).toEqual(["value", 5]);
    expect(await problem("NN", Op.STACK_GLOBAL, ".")).toEqual(["type", 2]);
    expect(await problem(named("a", "b"), "]R.")).toMatchObject(["type", expect.any(Number)]);
    expect(await problem("}Na.")).toEqual(["type", 2]);
    expect(await problem("]NNs.")).toEqual(["type", 3]);
    expect(await problem("N}NNsb.")).toEqual(["type", 5]);
  });

  it("is refused for lengths out of proportion, without memory for them", async () => {
    const before = process.memoryUsage().rss;
    expect(await problem(Op.BINUNICODE8, le(2n ** 62n, 8), "x")).toEqual(["length", 0]);
    expect(await problem(Op.BINBYTES8, le(2n ** 50n, 8), "x")).toEqual(["truncated", 10]);
    expect(await problem(Op.LONG4, le(2 ** 31 - 1, 4), "x")).toEqual(["truncated", 6]);
    expect(await problem(Op.LONG4, le(2 ** 32 - 1, 4), "x")).toEqual(["length", 0]);
    expect(await problem("T", le(2 ** 31, 4), "x")).toEqual(["length", 0]);
    expect(await problem("Nr", le(2 ** 32 - 1, 4), ".")).toEqual(["memo", 1]);
    expect(await problem("Np4294967295\n.")).toEqual(["memo", 1]);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  it("is read although its frames lie", async () => {
    expect(await problem(Op.PROTO, 4, Op.FRAME, le(2n ** 63n, 8), "N.")).toBeUndefined();
    expect(await problem(Op.PROTO, 4, Op.FRAME, le(0, 8), "N.")).toBeUndefined();
  });
});

describe("a truncated pickle", () => {
  const whole = assemble(
    Op.PROTO,
    4,
    "}",
    Op.MEMOIZE,
    "(",
    text("numbers"),
    "](K\x01K\x02K\x03e",
    text("object"),
    named("m", "C"),
    ")",
    Op.NEWOBJ,
    "}(",
    text("x"),
    "K\x01ubu.",
  );

  it("shows its readable part, wherever it ends", async () => {
    for (let end = 0; end < whole.length; end++) {
      const document = await openPickle(whole.subarray(0, end));
      await expect(document.complete).rejects.toBe(document.problem);
      expect(document.problem?.code).toBe(end === 0 ? "empty" : "truncated");
      expect(document.problem?.message).toContain(end === 0 ? "no bytes" : `truncated at byte ${end}`);
      await document.root.tagged();
    }
    const almost = await openPickle(whole.subarray(0, -2));
    expect(await almost.root.tagged()).toMatchObject({
      t: "dict",
      v: [
        [{ v: "numbers" }, { v: [{ v: "1" }, { v: "2" }, { v: "3" }] }],
        [{ v: "object" }, {}],
      ],
    });
    const early = await openPickle(whole.subarray(0, whole.indexOf(3, 20)));
    expect(early.root.preview).toBe("{'numbers': [1, 2]}");
  });
});

describe("a pickle made to exhaust", { timeout: 120_000 }, () => {
  it("may nest a million deep", async () => {
    const lists = (depth: number): Uint8Array =>
      assemble(new Uint8Array(depth).fill(0x5d), new Uint8Array(depth - 1).fill(0x61), ".");
    const deepest = await openPickle(lists(1_000_000));
    expect((await deepest.complete).bytes).toBe(2_000_000);
    expect(deepest.root.preview).toBe("[[[…]]]");

    const depth = 200_000; // no stack holds that many frames
    const { root } = await openPickle(lists(depth));
    let node = await root.tagged();
    let levels = 1;
    for (let next = node["v"]; Array.isArray(next) && next.length > 0; next = node["v"]) {
      node = next[0] as typeof node;
      levels++;
    }
    expect(levels).toBe(depth);
    let value: unknown = await root.toValue();
    let levelsOfValue = 1;
    for (; Array.isArray(value) && value.length > 0; levelsOfValue++) value = value[0];
    expect(levelsOfValue).toBe(depth);
  });

  it("may nest tuples, calls and keys a million deep", async () => {
    const depth = 40_000;
    const tuples = await open("N", new Uint8Array(depth).fill(Op.TUPLE1), ".");
    expect((await tuples.complete).bytes).toBe(depth + 2);
    expect(tuples.root.preview).toContain("…");
    const key = await open("}N", new Uint8Array(depth).fill(Op.TUPLE1), "Ns}0N.");
    await key.complete;
    const keyed = await open(
      "}(N",
      new Uint8Array(depth).fill(Op.TUPLE1),
      "K\x01",
      "N",
      new Uint8Array(depth).fill(Op.TUPLE1),
      "K\x02u.",
    );
    expect(keyed.root.length).toBe(1);
    const call = assemble(Op.TUPLE1, "R");
    const sets = Buffer.concat([
      assemble("c__builtin__\nset\nq\0"),
      ...Array.from({ length: 20_000 }, () => assemble("h\0")),
      assemble(")"),
      ...Array.from({ length: 20_000 }, () => call),
      assemble("."),
    ]);
    const nested = await openPickle(sets);
    await nested.root.tagged();
    await nested.root.toValue();
    expect(nested.root.preview).not.toBe("");
    const callee = await open(named("m", "f"), ...Array.from({ length: 20_000 }, () => assemble(")R")), ".");
    expect((await callee.root.tagged()).t).toBe("opaque");
  });

  it("may set two million marks", async () => {
    expect(await problem(new Uint8Array(2_000_000).fill(0x28), "N.")).toBeUndefined();
    expect(await problem(new Uint8Array(2_000_000).fill(0x28))).toEqual(["truncated", 2_000_000]);
  });

  it("may laugh a billion times", async () => {
    const document = await open(
      "]",
      "q\0",
      ...Array.from({ length: 5000 }, () => assemble("](h\0h\0eq\0")),
      ".",
    );
    await document.complete;
    expect(JSON.stringify(await document.root.tagged({ depth: 100 })).length).toBeLessThan(100_000);
    expect(Array.isArray(await document.root.toValue())).toBe(true);
    expect(document.root.preview.length).toBeLessThan(200);
    const dup = await open("N", ...Array.from({ length: 5000 }, () => assemble("2", Op.TUPLE2)), ".");
    expect(Array.isArray(await dup.root.toValue())).toBe(true);
    const key = await open(
      "}(N",
      ...Array.from({ length: 5000 }, () => assemble("2", Op.TUPLE2)),
      "K\x01K\x02K\x03u.",
    );
    expect(key.root.length).toBe(2);
  });

  it("is stopped at the limits for bytes and parts", async () => {
    const small = await openPickle(new Uint8Array(5_000_000).fill(0x5d), { limits: { index: 1 << 20 } });
    expect(small.problem?.code).toBe("limit");
    const short = await openPickle(assemble("](", new Uint8Array(1000).fill(0x4e), "e."), {
      limits: { bytes: 100 },
    });
    await expect(short.complete).rejects.toMatchObject({ code: "limit" });
    expect(short.root.length).toBe(98);
    const stream = await openPickle(inChunks(assemble("](", new Uint8Array(1000).fill(0x4e), "e."), 64), {
      limits: { bytes: 100 },
    });
    await expect(stream.complete).rejects.toMatchObject({ code: "limit" });
  });

  it("may hold ints of two million digits, read only on demand", async () => {
    const digits = "9".repeat(2_000_000);
    const document = await open("L", digits, "L\n.");
    expect(document.root.preview).toMatch(/^<an int of [\d,]+ bytes>$/);
    expect(document.root.type).toBe("int");
  });

  it("cannot reach JavaScript's own names", async () => {
    const document = await open(
      "}(",
      text("__proto__"),
      "}",
      text("polluted"),
      "K\x01s",
      text("constructor"),
      "Nu.",
    );
    const value = (await document.root.toValue()) as Map<unknown, unknown>;
    expect([...value.keys()]).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    const object = await open(named("__proto__", "constructor"), ")R}(", text("__proto__"), "K\x01ub.");
    await object.root.tagged();
    await object.root.toValue();
    expect(await object.root.children()).toHaveLength(1);
  });

  it("shows control and direction characters escaped", async () => {
    const document = await open("](", text("a\u202eb\n\u0007\u2066"), named("m\nx", "C\u202e"), ")Re.");
    expect(document.root.preview).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it("may hold itself, in sets, keys and calls", async () => {
    for (const parts of [
      ["c__builtin__\nset\n]q\0h\0a", Op.TUPLE1, "R."],
      [Op.EMPTY_SET, "q\0(h\0", Op.ADDITEMS, "."],
      ["}q\0h\0h\0s."],
      ["]q\0h\0", Op.TUPLE1, "q\x01a0h\x01."],
      [named("m", "C"), ")R", "q\0}(h\0h\0ub."],
    ] as Parameters<typeof assemble>[]) {
      const document = await open(...parts);
      await document.complete;
      await document.root.tagged();
      expect(String(await document.root.toValue())).toBeDefined();
      expect(document.root.preview.length).toBeLessThan(300);
    }
  });

  it("with dates that are none stays an object", async () => {
    const date = await open(named("datetime", "date"), "C\x04\xff\xff\x0d\x20", Op.TUPLE1, "R.");
    expect((await date.root.tagged()).t).toBe("object");
    const time = await open(
      named("datetime", "datetime"),
      "C\x0a\x07\xe8\x02\x1e\0\0\0\0\0\0",
      Op.TUPLE1,
      "R.",
    );
    expect((await time.root.tagged()).t).toBe("object");
    const zone = await open(
      named("datetime", "datetime"),
      "C\x0a\x07\xe8\x02\x1d\0\0\0\0\0\0",
      named("evil", "tz"),
      ")R",
      Op.TUPLE2,
      "R.",
    );
    expect((await zone.root.tagged()).t).toBe("object");
  });
});
