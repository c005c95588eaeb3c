import { describe, expect, it } from "vitest";
import { decimalStr } from "../../../src/pickle/recognisers/numbers.ts";
import { Op } from "../../../src/pickle/opcodes.ts";
import type { PyAwareDateTime } from "../../../src/pickle/index.ts";
import {
  NamedTuple,
  openPickle,
  OrderedDict,
  PyDateTime,
  PyDecimal,
  PyObject,
  PyPath,
  pyRepr,
  PyTimeDelta,
  PyUUID,
} from "../../../src/pickle/index.ts";
import { assemble, named, text } from "./assemble.ts";

async function value(...parts: Parameters<typeof assemble>): Promise<unknown> {
  const document = await openPickle(assemble(...parts));
  await document.complete;
  return document.root.toValue();
}

describe("a natural value", () => {
  it("is a number up to 2^53, then a bigint", async () => {
    expect(await value(Op.LONG1, "\x07\xff\xff\xff\xff\xff\xff\x1f", ".")).toBe(Number.MAX_SAFE_INTEGER);
    expect(await value(Op.LONG1, "\x07\0\0\0\0\0\0\x20", ".")).toBe(2n ** 53n);
    expect(await value(Op.LONG1, "\x07\x01\0\0\0\0\0\xe0", ".")).toBe(-Number.MAX_SAFE_INTEGER);
  });

  it("keeps identity and cycles", async () => {
    const [a, b] = (await value("](]q\0h\0e.")) as unknown[];
    expect(a).toBe(b);
    const self = (await value("]q\0h\0a.")) as unknown[];
    expect(self[0]).toBe(self);
    const map = (await value("}q\0", text("me"), "h\0s.")) as Map<string, unknown>;
    expect(map.get("me")).toBe(map);
  });

  it("is a Set where members have an identity in JavaScript, else an array", async () => {
    expect(await value(Op.EMPTY_SET, "(K\x01", text("a"), "N", Op.ADDITEMS, ".")).toEqual(
      new Set([1, "a", null]),
    );
    expect(await value(Op.EMPTY_SET, "(K\x01", Op.TUPLE1, Op.ADDITEMS, ".")).toEqual([[1]]);
  });

  it("is a copy of the bytes, which the reader may change", async () => {
    const source = assemble("C\x03abc.");
    const document = await openPickle(source);
    const bytes = (await document.root.toValue()) as Uint8Array;
    expect(bytes.constructor).toBe(Uint8Array);
    bytes[0] = 0;
    expect(await document.root.tagged()).toMatchObject({ head: "616263" });
    expect(source[2]).toBe(97);
  });

  it("is a class of its own, with Python's str(), where JavaScript has none", async () => {
    const ordered = await value(
      named("collections", "OrderedDict"),
      ")R(",
      text("b"),
      "K\x01",
      text("a"),
      "K\x02u.",
    );
    expect(ordered).toBeInstanceOf(OrderedDict);
    expect(String(ordered)).toBe("OrderedDict([('b', 1), ('a', 2)])");
    const point = await value(named("m", "Point"), "K\x01K\x02", Op.TUPLE2, Op.NEWOBJ, ".");
    expect(point).toBeInstanceOf(NamedTuple);
    expect(String(point)).toBe("Point(1, 2)");
    const frame = (await value(
      named("__main__", "ForeachFrame"),
      "(",
      text("step"),
      text("x"),
      "K\x03K\x01t",
      Op.NEWOBJ,
      ".",
    )) as NamedTuple;
    expect([frame.get("num_splits"), frame.get("index")]).toEqual([3, 1]);
    const path = await value(named("pathlib", "PosixPath"), text("/"), text("a"), text("b"), Op.TUPLE3, "R.");
    expect(path).toBeInstanceOf(PyPath);
    expect(String(path)).toBe("/a/b");
    const decimal = await value(named("decimal", "Decimal"), text("1.10"), Op.TUPLE1, "R.");
    expect(decimal).toBeInstanceOf(PyDecimal);
    expect(String(decimal)).toBe("1.10");
    const uuid = await value(named("uuid", "UUID"), ")", Op.NEWOBJ, "}", text("int"), "K\x05sb.");
    expect(uuid).toBeInstanceOf(PyUUID);
    expect(String(uuid)).toBe("00000000-0000-0000-0000-000000000005");
  });

  it("is a Date only for a datetime that is an instant", async () => {
    const day = "C\x0a\x07\xe8\x02\x1d\x0c\x1e\x05\0\x01\x02";
    const naive = await value(named("datetime", "datetime"), day, Op.TUPLE1, "R.");
    expect(naive).toBeInstanceOf(PyDateTime);
    expect(String(naive)).toBe("2024-02-29 12:30:05.000258");
    const delta = assemble(named("datetime", "timedelta"), "K\0M\x10\x0eK\0", Op.TUPLE3, "R");
    const zone = assemble(named("datetime", "timezone"), delta, Op.TUPLE1, "R");
    const aware = await value(named("datetime", "datetime"), day, zone, Op.TUPLE2, "R.");
    expect(aware).toBeInstanceOf(Date);
    expect((aware as PyAwareDateTime).toISOString()).toBe("2024-02-29T11:30:05.000Z");
    expect((aware as PyAwareDateTime).isoformat()).toBe("2024-02-29T12:30:05.000258+01:00");
    expect((aware as PyAwareDateTime).microsecond).toBe(258);
  });

  it("is a PyObject with its parts for everything else", async () => {
    const object = (await value(named("m", "C"), ")", Op.NEWOBJ, "}(", text("x"), "K\x01ub.")) as PyObject;
    expect(object).toBeInstanceOf(PyObject);
    expect([object.module, object.name, object.args, object.state]).toEqual([
      "m",
      "C",
      [],
      new Map([["x", 1]]),
    ]);
    expect(String(object)).toBe("C(x=1)");
  });
});

describe("Python's texts", () => {
  it("are those of str() and repr()", () => {
    expect(String(new PyTimeDelta(-1, 86399, 999999))).toBe("-1 day, 23:59:59.999999");
    expect(new PyTimeDelta(-1, 86399, 999999).exactSeconds()).toBe("-0.000001");
    expect(String(new PyTimeDelta(2, 3600, 0))).toBe("2 days, 1:00:00");
    expect(pyRepr([1, 1.5, 1e16, 1e-5, true, null, "it's", 'a"\n\u202e', new Uint8Array([0, 39, 255])])).toBe(
      `[1, 1.5, 1e+16, 1e-05, True, None, "it's", 'a"\\n\\u202e', b"\\x00'\\xff"]`,
    );
    for (const [given, str] of Object.entries({
      "1e5": "1E+5",
      " 1_0.50 ": "10.50",
      "-.5": "-0.5",
      "0e-7": "0E-7",
      nan12: "NaN12",
      "-inf": "-Infinity",
      "0.000001": "0.000001",
      x: undefined,
      "1e": undefined,
    })) {
      expect(decimalStr(given)).toBe(str);
    }
  });
});

describe("the rows below a value", () => {
  it("are named as in Python", async () => {
    const { root } = await openPickle(
      assemble(
        named("m", "C"),
        "K\x07",
        Op.TUPLE1,
        "R(K\x01e(",
        text("k"),
        "K\x02u}(",
        text("x"),
        "K\x03ub.",
      ),
    );
    const rows = await root.children();
    expect(
      rows.map(({ key, value: node }) => [typeof key === "object" ? key.preview : key, node.preview]),
    ).toEqual([
      ["args[0]", "7"],
      [undefined, "1"],
      ["'k'", "2"],
      [".x", "3"],
    ]);
    expect([root.type, root.childCount]).toEqual(["m.C", 4]);
  });
});
