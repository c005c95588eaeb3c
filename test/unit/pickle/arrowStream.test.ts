import { describe, expect, it } from "vitest";
import { openPickle, type PyNode } from "../../../src/pickle/index.ts";
import { assemble, bytes, named } from "./assemble.ts";

// Arrow streams that no library writes.

/** A field of a table of FlatBuffers. */
interface Field {
  readonly int?: number;
  readonly text?: string;
  readonly table?: Flat;
  readonly tables?: readonly Flat[];
  /** Structs of two ints of 64 bits. */
  readonly pairs?: readonly (readonly number[])[];
}

/** A table by its fields' numbers. */
type Flat = ReadonlyMap<number, Field>;

function table(fields: Readonly<Record<number, Field>>): Flat {
  return new Map(Object.entries(fields).map(([key, value]) => [Number(key), value]));
}

/** The bytes of a table. What is the same object is written once; what is referred to lies behind what refers to it. */
function flat(root: Flat): Buffer {
  const data = Buffer.alloc(1 << 20);
  let start = data.length;
  const written = new Map<unknown, number>();
  const take = (size: number): number => (start -= size);
  const text = (value: string): number => {
    const at = take(4 + value.length);
    data.writeUInt32LE(value.length, at);
    data.write(value, at + 4);
    return at;
  };
  const pairs = (values: readonly (readonly number[])[]): number => {
    const at = take(4 + 16 * values.length);
    data.writeUInt32LE(values.length, at);
    for (const [index, part] of values.flat().entries())
      data.writeBigInt64LE(BigInt(part), at + 4 + 8 * index);
    return at;
  };
  const tables = (values: readonly Flat[]): number => {
    const places = values.map(tableAt);
    const at = take(4 + 4 * values.length);
    data.writeUInt32LE(values.length, at);
    for (const [index, place] of places.entries()) {
      const own = at + 4 + 4 * index;
      data.writeUInt32LE(place - own, own);
    }
    return at;
  };
  const tableAt = (value: Flat): number => {
    const known = written.get(value);
    if (known !== undefined) return known;
    const targets = [...value].map(([number, { text: own, table: inner, tables: many, pairs: two }]) => {
      const target =
        own !== undefined ? text(own) : inner ? tableAt(inner) : many ? tables(many) : two && pairs(two);
      return [number, target] as const;
    });
    const count = Math.max(-1, ...value.keys()) + 1;
    const at = take(4 + 8 * count);
    const offsets = take(4 + 2 * count);
    written.set(value, at);
    data.writeUInt16LE(4 + 2 * count, offsets);
    data.writeInt32LE(at - offsets, at);
    for (const [number, target] of targets) {
      const place = 4 + 8 * number;
      data.writeUInt16LE(place, offsets + 4 + 2 * number);
      if (target !== undefined) data.writeUInt32LE(target - (at + place), at + place);
      else data.writeBigInt64LE(BigInt(value.get(number)?.int ?? 0), at + place);
    }
    return at;
  };
  const at = tableAt(root);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(at - start + 4);
  return Buffer.concat([head, data.subarray(start)]);
}

function message(kind: number, header: Flat, body = new Uint8Array()): Buffer {
  const head = flat(table({ 1: { int: kind }, 2: { table: header }, 3: { int: body.length } }));
  const start = Buffer.alloc(8);
  start.writeUInt32LE(0xffff_ffff, 0);
  start.writeInt32LE(head.length, 4);
  return Buffer.concat([start, head, body]);
}

async function series(...messages: Buffer[]): Promise<PyNode> {
  const object = assemble(
    named("polars.series.series", "Series"),
    ")\x81",
    bytes(Buffer.concat(messages)),
    "b.",
  );
  return (await openPickle(assemble("\x80\x04", object))).root;
}

const NOTHING = table({});

/** A field of structs. */
function struct(children: readonly Flat[], dictionary?: Flat): Flat {
  return table({
    0: { text: "c" },
    2: { int: 13 },
    3: { table: NOTHING },
    5: { tables: children },
    ...(dictionary && { 4: { table: dictionary } }),
  });
}

function schema(...fields: readonly Flat[]): Buffer {
  return message(1, table({ 1: { tables: fields } }));
}

function batch(rows: number, buffers: readonly (readonly number[])[]): Flat {
  return table({ 1: { pairs: Array.from({ length: rows }, () => [1, 0]) }, 2: { pairs: buffers } });
}

describe("an Arrow stream that no library writes", () => {
  it("is not read where its fields are parts of each other again and again", async () => {
    let field = struct([]);
    for (let level = 0; level < 8; level++) field = struct(Array.from({ length: 500 }, () => field));
    expect((await series(schema(field))).preview).toMatch(/bytes that are no Arrow stream/);
    const long = table({ 0: { text: "a".repeat(1 << 19) }, 2: { int: 6 }, 3: { table: NOTHING } });
    const named = await series(schema(...Array.from({ length: 9000 }, () => long)));
    expect(named.preview).toMatch(/bytes that are no Arrow stream/);
  });

  it("is not followed where each dictionary is in the next one", async () => {
    const coded = table({ 0: { int: 1 } });
    const outer = struct([struct([], coded)], coded);
    const values = (rows: number, buffers: readonly (readonly number[])[]): Buffer =>
      message(2, table({ 0: { int: 1 }, 1: { table: batch(rows, buffers) } }), new Uint8Array(8));
    const first = [schema(struct([], coded)), values(1, [[0, 0]]), schema(outer)];
    const nested = values(2, [
      [0, 0],
      [0, 0],
      [0, 4],
    ]);
    const last = message(
      3,
      batch(1, [
        [0, 0],
        [0, 4],
      ]),
      new Uint8Array(8),
    );
    for (const count of [3, 20_000]) {
      const node = await series(...first, ...Array.from({ length: count }, () => nested), last);
      await node.tagged();
      await node.toValue();
      if (count === 3) expect(node.preview).toBe("Series([{'c': {'c': {'c': {}}}}], struct<c: struct<>>)");
      expect(node.preview.length).toBeLessThan(400);
      const [child] = await node.children();
      await child?.value.tagged();
      await child?.value.toValue();
    }
  });
});
