import { describe, expect, it } from "vitest";
import { Op } from "../../../src/pickle/opcodes.ts";
import { openPickle } from "../../../src/pickle/index.ts";
import type { PyNode } from "../../../src/pickle/index.ts";
import { assemble, le, named, text } from "./assemble.ts";

async function root(...parts: Parameters<typeof assemble>): Promise<PyNode> {
  const document = await openPickle(assemble(...parts, "."));
  await document.complete;
  return document.root;
}

describe("an object", () => {
  it("of protocol 0 is of its class, whatever compiled class that one is made of", async () => {
    const base = named("datetime", "tzinfo");
    const node = await root(
      named("copyreg", "_reconstructor"),
      named("m", "Zone"),
      base,
      base,
      ")R",
      Op.TUPLE3,
      "R",
    );
    const value = { t: "object", module: "datetime", name: "tzinfo" };
    expect(await node.tagged()).toEqual({ t: "object", module: "m", name: "Zone", args: [value] });
    expect(node.type).toBe("m.Zone");
  });

  it("of a class without a name is told to be none", async () => {
    const node = await root(named("builtins", ""), ")R");
    expect(node.type).toBe("opaque");
  });

  const made = [named("m", "C"), ")R", Op.MEMOIZE];

  it("keeps the state that a setter of its own takes", async () => {
    const node = await root(...made, named("m", "setter"), "h\0", "}", text("x"), "K\x01s", Op.TUPLE2, "R0");
    expect(await node.tagged()).toEqual({
      t: "object",
      module: "m",
      name: "C",
      state: {
        t: "dict",
        v: [
          [
            { t: "str", v: "x" },
            { t: "int", v: "1" },
          ],
        ],
      },
    });
  });

  it("has no state of a call on something else that is dropped", async () => {
    const other = await root(...made, named("m", "f"), "NN", Op.TUPLE2, "R0");
    expect(await other.tagged()).toEqual({ t: "object", module: "m", name: "C" });
    expect(await (await root("]", named("m", "f"), "]N", Op.TUPLE2, "R0")).tagged()).toEqual({
      t: "list",
      v: [],
    });
    expect(await (await root(named("m", "f"), ")R0N")).tagged()).toEqual({ t: "none" });
  });

  it("of collections has a length, also when it is empty", async () => {
    const collection = async (name: string, ...rest: Parameters<typeof assemble>): Promise<PyNode> =>
      root(named("collections", name), ...rest);
    expect((await collection("OrderedDict", ")R")).length).toBe(0);
    expect((await collection("deque", ")", Op.TUPLE1, "R")).length).toBe(0);
    expect((await collection("deque", ")R(K\x01K\x02e")).length).toBe(2);
    expect((await collection("Counter", "}", text("a"), "K\x02s", Op.TUPLE1, "R")).length).toBe(1);
    expect((await collection("defaultdict", ")RK\x01K\x02sK\x01K\x03s")).length).toBe(1);
    expect((await collection("OrderedDict", "(](]K\x01aK\x02aetR")).length).toBe(1);
    expect((await root(named("m", "C"), ")R")).length).toBeUndefined();
  });

  it("that is a range too long for Python's len() has no length", async () => {
    const range = async (size: number): Promise<PyNode> =>
      root(
        named("builtins", "range"),
        "K\0",
        Op.LONG1,
        size,
        le(2n ** BigInt(8 * size - 2), size),
        Op.TUPLE2,
        "R",
      );
    expect((await range(8)).length).toBe(2 ** 62);
    expect((await range(9)).length).toBeUndefined();
  });
});

describe("an object with a million states", () => {
  it("has a row for each, found at once", async () => {
    const node = await root(named("m", "C"), ")R", "}b".repeat(1_000_000));
    expect(node.childCount).toBe(1_000_000);
    expect(await node.children({ from: 999_990 })).toHaveLength(10);
    expect(node.preview).toBe("C()");
    expect(node.length).toBeUndefined();
  });
});

describe("a class inside a class", () => {
  it("is a name in every protocol, unlike a method", async () => {
    const attribute = async (protocol: number, name: string): Promise<PyNode> =>
      root(Op.PROTO, protocol, named("builtins", "getattr"), named("m", "Outer"), text(name), Op.TUPLE2, "R");
    for (const protocol of [0, 1, 2, 3]) {
      expect(await (await attribute(protocol, "Inner")).tagged()).toEqual({
        t: "global",
        module: "m",
        name: "Outer.Inner",
      });
    }
    for (const [protocol, name] of [
      [3, "method"],
      [3, "RED"],
      [4, "Inner"],
    ] as const) {
      expect(await (await attribute(protocol, name)).tagged()).toMatchObject({
        t: "object",
        name: "getattr",
      });
    }
  });
});

describe("the type of what a function makes", () => {
  it("is that of the result where the function is known", async () => {
    expect((await root(named("re", "_compile"), text("a"), "K\0", Op.TUPLE2, "R")).type).toBe("re.Pattern");
    const zone = await root(named("zoneinfo", "ZoneInfo._unpickle"), text("UTC"), "K\x01", Op.TUPLE2, "R");
    expect(zone.type).toBe("zoneinfo.ZoneInfo");
    expect((await root(named("builtins", "Ellipsis"))).type).toBe("ellipsis");
    expect((await root(named("m", "f"), ")R")).type).toBe("m.f");
  });
});
