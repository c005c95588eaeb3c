import { describe, expect, it } from "vitest";
import { Op } from "../../../src/pickle/opcodes.ts";
import { openPickle, PyOpaque, pyRepr } from "../../../src/pickle/index.ts";
import type { PyNode, Tagged } from "../../../src/pickle/index.ts";
import { assemble, inChunks, le, named, text } from "./assemble.ts";

async function root(...parts: Parameters<typeof assemble>): Promise<PyNode> {
  const document = await openPickle(assemble(...parts, "."));
  await document.complete;
  return document.root;
}

const MEGABYTE = 1 << 20;
const TIMES = 20_000;
const again = (part: string): string => part.repeat(TIMES);

describe("what a pickle holds once and refers to often", () => {
  it("is one text, in the natural value and in the lossless form", async () => {
    const before = process.memoryUsage().rss;
    const node = await root("](X", le(MEGABYTE, 4), "a".repeat(MEGABYTE), "q\0", again("h\0"), "e");
    const value = (await node.toValue()) as string[];
    expect(value).toHaveLength(TIMES + 1);
    expect(value[TIMES]).toHaveLength(MEGABYTE);
    expect((await node.tagged())["v"]).toHaveLength(TIMES + 1);
    // Twenty gigabytes if each were its own.
    expect(process.memoryUsage().rss - before).toBeLessThan(500e6);
    expect(pyRepr(value).length).toBeLessThan(20e6);
  });

  it("is one array of bytes, as in Python", async () => {
    for (const opcode of ["B", "T"]) {
      const data = "\xff".repeat(MEGABYTE);
      const node = await root("](", opcode, le(MEGABYTE, 4), data, "q\0", again("h\0"), "e");
      const value = (await node.toValue()) as Uint8Array[];
      expect(value[TIMES]).toBe(value[0]);
      const all = (await node.tagged())["v"] as Tagged[];
      expect(all[TIMES]).toEqual(all[0]);
    }
  });
});

describe("calls of the same arguments again and again", () => {
  it("end where the memory would", async () => {
    const many = assemble("(", "K\x01".repeat(1 << 18));
    for (const [made, name, args] of [
      ["R", "list", assemble("]", many, "e", Op.TUPLE1)],
      ["\x81", "Other", assemble(many, "t")],
      ["R", "bytes", assemble("X", le(MEGABYTE, 4), "a".repeat(MEGABYTE), text("latin1"), Op.TUPLE2)],
    ] as const) {
      const node = await root(
        "](",
        named("builtins", name),
        "q\x01",
        args,
        "q\0",
        again(`h\x01h\0${made}`),
        "e",
      );
      const value = (await node.toValue()) as unknown[];
      expect(value.at(-1)).toBeInstanceOf(PyOpaque);
      const all = (await node.tagged())["v"] as Tagged[];
      expect(all.at(-1)).toMatchObject({ t: "opaque" });
    }
  }, 60_000);
});

describe("a value nested deeper than JSON.stringify can write", () => {
  it("is cut in JSON, and only there", async () => {
    const depth = 100_000;
    const node = await root("]".repeat(depth), "a".repeat(depth - 1));
    const whole = await node.tagged();
    let levels = 1;
    for (let at = whole["v"] as Tagged[]; at.length > 0; at = at[0]?.["v"] as Tagged[]) levels++;
    expect(levels).toBe(depth);
    expect(JSON.stringify(whole)).toMatch(/\{"t":"list","v":\[\],"len":1\}(\]\})+$/);
  });
});

describe("many keys", () => {
  it("that crowd in a simple hash are told apart in no time", async () => {
    const keys = async (key: (i: number) => Uint8Array): Promise<PyNode> =>
      root("}(", ...Array.from({ length: 50_000 }, (_, i) => assemble(key(i), "N")), "u");
    for (const node of [
      await keys((i) => assemble("J", le(i * 32_768, 4))),
      await keys((i) => assemble(Op.LONG1, 7, le(BigInt(i) << 32n, 7))),
      await keys((i) => assemble(Op.LONG1, 7, le((BigInt(i) << 33n) + 1n, 7))),
    ]) {
      expect(node.length).toBe(50_000);
    }
  });
});

describe("a name that reaches over the end of a segment", () => {
  it("is read right, wherever its chunks end", async () => {
    const segment = 1 << 24;
    const name = assemble("cmodule_with_a_long_name_so_that_it_reaches\nName_that_is_long_enough\n.");
    for (const before of [5, 20, 40, 50]) {
      const padding = segment - before - 7;
      const data = assemble("B", le(padding, 4), new Uint8Array(padding), "0(", name);
      async function* chunks(): AsyncGenerator<Uint8Array> {
        yield data.subarray(0, segment - before);
        yield* inChunks(data.subarray(segment - before), 1);
      }
      const document = await openPickle(chunks());
      await document.complete;
      expect(document.root.preview).toBe(
        "<module_with_a_long_name_so_that_it_reaches.Name_that_is_long_enough>",
      );
    }
  });
});
