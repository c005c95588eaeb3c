import { describe, expect, it } from "vitest";
import { openPickle, type PyNode } from "../../../src/pickle/index.ts";
import { workMs } from "../../helpers/work.ts";
import { assemble, bytes, call, int, le, list, named, text, tuple } from "./assemble.ts";

// Objects that only look like those of a library: their states and arguments are what no library gives them.

const NONE = assemble("N");

async function open(...parts: Uint8Array[]): Promise<PyNode> {
  const document = await openPickle(assemble("\x80\x04", ...parts, "."));
  await document.complete;
  return document.root;
}

function arrow(name: string, ...args: Uint8Array[]): Uint8Array {
  return call("pyarrow.lib", name, ...args);
}

function type(alias: string): Uint8Array {
  return arrow("type_for_alias", text(alias));
}

function chunk(
  own: Uint8Array,
  length: number,
  buffers: readonly Uint8Array[],
  children: readonly Uint8Array[] = [],
): Uint8Array {
  return tuple(own, int(length), int(0), int(0), list(...buffers), list(...children), NONE);
}

function buffer(data: Uint8Array): Uint8Array {
  return arrow("py_buffer", bytes(data));
}

describe("an object that only looks like a library's", () => {
  it("is not taken for one because of a name that JavaScript knows", async () => {
    for (const [name, count] of [
      ["hasOwnProperty", 1],
      ["toString", 0],
    ] as const) {
      const members = list(...Array.from({ length: count }, () => NONE));
      const state = assemble("}(", text("version"), text(name), text("data"), members, "ub");
      const node = await open(named("metaflow.client.core", "Task"), assemble(")\x81"), state);
      expect(node.preview).toMatch(/^Task\(version='/);
    }
    const array = await open(arrow("_restore_array", chunk(type("constructor"), 3, [])));
    expect(array.type).toBe("pyarrow.lib.ConstructorArray");
  });
});

describe("an object of the standard library", () => {
  it("is shown as what it is made of where it is made of something else", async () => {
    const empty = assemble(")");
    for (const [made, preview] of [
      [call("collections", "deque", empty, text("x")), "deque((), 'x', [1])"],
      [assemble(call("collections", "deque", empty, int(2)), "}b"), "deque((), 2, [1])"],
      [call("other", "defaultdict"), "defaultdict([1])"],
    ] as const) {
      const node = await open(made, assemble("(K\x01e"));
      expect(node.preview).toBe(preview);
    }
  });

  it("may be a partial function of a hundred thousand states that is called as often", async () => {
    const count = 100_000;
    const state = tuple(named("builtins", "print"), assemble(")"), assemble("}"), NONE);
    const partial = call("functools", "partial", named("builtins", "print"));
    const calls = "h\x01)R".repeat(count);
    const node = await open(
      assemble(state, "q\x000", partial, "h\0b".repeat(count), "q\x010"),
      assemble("](", calls, "e"),
    );
    expect((await node.children({ to: count })).at(-1)?.value.preview).toBe("print()");
    expect((await node.tagged())["v"]).toHaveLength(count);
  });
});

describe("texts that are parts of one again and again", () => {
  const long = (size: number): Uint8Array => assemble("X", le(size, 4), "a".repeat(size), "q\x000");
  const again = Array.from({ length: 4000 }, () => assemble("h\0"));

  it("are no path", async () => {
    for (const name of ["PosixPath", "WindowsPath"]) {
      const node = await open(long(1 << 18), call("pathlib", name, ...again));
      expect(node.preview.length).toBeLessThan(400);
      await node.toValue();
    }
  });

  it("are no attributes", async () => {
    const entries = Array.from({ length: 900 }, () => assemble("h\0N"));
    const state = assemble(
      named("metaflow.exception", "MetaflowExceptionWrapper"),
      ")\x81}(",
      ...entries,
      "ub",
    );
    const before = workMs();
    const node = await open(long(1 << 24), state);
    expect(node.type).toBe("metaflow.exception.MetaflowExceptionWrapper");
    expect(node.preview.length).toBeLessThan(400);
    expect(workMs() - before).toBeLessThan(5000);
  });

  it("are no characters of an array", async () => {
    const node = await open(long(1 << 23), call("array", "array", text("u"), list(...again)));
    expect(node.preview).toBe("array('u', ''…)");
    expect((await node.children({ to: 1 })).map(({ value }) => value.preview)).toEqual(["''"]);
  });
});

describe("an array of characters", () => {
  it("has all of them", async () => {
    const count = 300_000;
    const data = new Uint8Array(Uint32Array.from({ length: count }, (_, at) => 0x61 + (at % 26)).buffer);
    const made = call(
      "array",
      "_array_reconstructor",
      named("array", "array"),
      text("u"),
      int(20),
      bytes(data),
    );
    const node = await open(made);
    expect(node.length).toBe(count);
    const last = await node.children({ from: count - 1, to: count + 1 });
    expect(last.map(({ value }) => value.preview)).toEqual(["'l'"]);
  });
});

describe("an array of Arrow that no library writes", () => {
  it("is not searched for the ends of runs whose ends are runs", async () => {
    let own = type("int64");
    let ends = chunk(own, 2 ** 36, [NONE, buffer(new Uint8Array(8))]);
    for (let level = 0; level < 7; level++) {
      own = arrow("run_end_encoded", own, type("int8"));
      ends = chunk(own, 2 ** 36, [NONE], [ends, chunk(type("int8"), 1, [NONE, buffer(new Uint8Array(1))])]);
    }
    const node = await open(arrow("_restore_array", ends));
    expect(node.preview).toMatch(/^<an array of 68719476736 values of a type that is not read here/);
  });

  it("has only as many columns, chunks and characters as the pickle has", async () => {
    const again = (key: number, count: number): Uint8Array =>
      assemble("](", Buffer.from([0x68, key]).toString("latin1").repeat(count), "e");
    const kept = (part: Uint8Array, key: number): Uint8Array => assemble(part, "q", Buffer.of(key), "0");
    const node = await open(
      kept(arrow("_restore_array", chunk(type("int8"), 1, [NONE, buffer(new Uint8Array(1))])), 0),
      kept(arrow("chunked_array", again(0, 50_000), type("int8")), 1),
      kept(arrow("field", text("a"), type("int8")), 2),
      arrow("_reconstruct_table", again(1, 5000), arrow("schema", again(2, 5000))),
    );
    expect(node.shape?.[1]).toBe(5000);
    const long = assemble("X", le(1 << 20, 4), "a".repeat(1 << 20));
    const field = arrow("field", assemble("h\0"), type("int8"));
    for (const make of ["struct", "schema"]) {
      const named = await open(kept(long, 0), arrow(make, list(...Array.from({ length: 900 }, () => field))));
      expect(named.type).toBe(`pyarrow.lib.${make}`);
    }
    const unit = await open(kept(long, 0), arrow("timestamp", assemble("h\0")));
    expect(unit.type).toBe("pyarrow.lib.timestamp");
  });

  it("has no buffers that are another value of the pickle", async () => {
    const array = await open(arrow("_restore_array", tuple(type("other"), int(3), int(0))));
    expect(array.type).toBe("pyarrow.lib._restore_array");
  });

  it("has lists of nothing whose length is told", async () => {
    const own = arrow("list_", type("int8"));
    const empty = chunk(type("int8"), 0, [NONE, buffer(new Uint8Array(0))]);
    const node = await open(
      arrow("_restore_array", chunk(own, 1, [NONE, buffer(new Uint8Array(8))], [empty])),
    );
    const [child] = await node.children();
    expect([child?.value.preview, child?.value.length]).toEqual(["[]", 0]);
  });

  it("has no more elements than its buffers have bits", async () => {
    const array = async (...buffers: Uint8Array[]): Promise<PyNode> =>
      open(arrow("_restore_array", chunk(type("int64"), 2 ** 31 - 1, buffers)));
    for (const node of [
      await array(NONE, buffer(new Uint8Array(24))),
      await array(buffer(new Uint8Array(1)), buffer(new Uint8Array(24))),
    ]) {
      expect(node.isTabular).toBe(false);
      expect(node.preview).toMatch(/^<an array of 2147483647 values/);
    }
  });

  it("has no more elements than can be counted", async () => {
    const nulls = arrow("_restore_array", chunk(type("null"), 2 ** 53 - 1, [NONE]));
    const node = await open(arrow("chunked_array", list(nulls, nulls), type("null")));
    expect(node.type).toBe("pyarrow.lib.chunked_array");
    const { childCount } = node;
    expect(await node.children({ from: childCount - 2, to: childCount })).toHaveLength(2);
  });

  it("has short texts of long names and characters", async () => {
    const own = arrow("struct", list(arrow("field", text("k".repeat(200)), type("string"))));
    const words = Buffer.from(`a${"😀".repeat(600)}`);
    const offsets = new Uint8Array(Int32Array.of(0, words.length).buffer);
    const texts = chunk(type("string"), 1, [NONE, buffer(offsets), buffer(words)]);
    const node = await open(arrow("_restore_array", chunk(own, 1, [NONE], [texts])));
    expect(node.preview.length).toBeLessThan(400);
    const cell = node.table()?.column(0).cell(0).text ?? "";
    expect(cell).toMatch(/^\{'k{200}': 'a(😀)+$/u);
    expect(cell).not.toContain("\\ud83d");
  });
});

describe("well-known bytes", () => {
  const geometry = async (data: Uint8Array): Promise<PyNode> =>
    open(call("shapely.io", "from_wkb", bytes(data)));
  const collections = (depth: number): Uint8Array =>
    assemble(...Array.from({ length: depth }, () => assemble(1, le(7, 4), le(1, 4))), 1, le(7, 4), le(0, 4));

  it("are a geometry as far as they nest few times, and have what they claim", async () => {
    expect((await geometry(collections(2))).preview).toBe(
      `<${"GEOMETRYCOLLECTION (".repeat(2)}GEOMETRYCOLLECTION EMPTY))>`,
    );
    expect((await geometry(collections(20_000))).type).toBe("shapely.io.from_wkb");
    expect((await geometry(assemble(1, le(2, 4), le(2 ** 32 - 1, 4)))).type).toBe("shapely.io.from_wkb");
    expect((await geometry(assemble(0, 0, 0, 0, 99))).type).toBe("shapely.io.from_wkb");
  });
});
