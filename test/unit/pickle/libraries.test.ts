import { describe, expect, it } from "vitest";
import { openPickle, pyRepr, type PyNode } from "../../../src/pickle/index.ts";
import { workMs } from "../../helpers/work.ts";
import { assemble, inChunks, le, named, text } from "./assemble.ts";

// Values of numpy, pandas and Arrow that no library writes: each is looked at as a viewer would, which must neither throw nor take long.

/** What a step may take of the processor. Without bounds these take minutes, or all memory. */
const MOST_MS = 4000;
const MEMO = 7;
const put = (slot: number, part: Uint8Array): Uint8Array => assemble(part, "r", le(slot, 4));
const get = (slot: number): Uint8Array => assemble("j", le(slot, 4));

function int(value: number | bigint): Uint8Array {
  const wide = BigInt(value);
  if (BigInt.asIntN(32, wide) === wide) return assemble("J", le(BigInt.asUintN(32, wide), 4));
  return assemble("\x8a", 16, le(BigInt.asUintN(128, wide), 16));
}

const none = assemble("N");
const tuple = (...parts: Uint8Array[]): Uint8Array => assemble("(", ...parts, "t");
const list = (...parts: Uint8Array[]): Uint8Array => assemble("](", ...parts, "e");
const bytes = (data: Uint8Array | string): Uint8Array => assemble("B", le(data.length, 4), data);

function dict(pairs: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts = Object.entries(pairs).flatMap(([key, value]) => [long(key), value]);
  return assemble("}(", ...parts, "u");
}

function long(value: string): Uint8Array {
  return value.length < 256 ? text(value) : assemble("X", le(value.length, 4), value);
}

function call(path: string, ...args: Uint8Array[]): Uint8Array {
  const dot = path.lastIndexOf(".");
  return assemble(named(path.slice(0, dot), path.slice(dot + 1)), tuple(...args), "R");
}

function instance(path: string, state: Uint8Array): Uint8Array {
  const dot = path.lastIndexOf(".");
  return assemble(named(path.slice(0, dot), path.slice(dot + 1)), ")\x81", state, "b");
}

/** An instance that its state may refer to by `get(slot)`. */
function knot(slot: number, path: string, state: Uint8Array): Uint8Array {
  const dot = path.lastIndexOf(".");
  return assemble(put(slot, assemble(named(path.slice(0, dot), path.slice(dot + 1)), ")\x81")), state, "b");
}

interface Parts {
  subarray?: Uint8Array;
  names?: Uint8Array;
  fields?: Uint8Array;
  itemsize?: number;
  unit?: string;
}

function dtype(name: string, { subarray, names, fields, itemsize = -1, unit }: Parts = {}): Uint8Array {
  const end = unit === undefined ? [] : [tuple(dict({}), tuple(bytes(unit), int(1), int(1), int(1)))];
  const state = tuple(
    ...[int(3), text("<"), subarray ?? none, names ?? none, fields ?? none],
    ...[int(itemsize), int(-1), int(0), ...end],
  );
  return assemble(call("numpy.dtype", text(name), int(0), int(1)), state, "b");
}

function record(itemsize: number, fields: readonly (readonly [string, Uint8Array, number])[]): Uint8Array {
  return dtype(`V${itemsize}`, {
    itemsize,
    names: tuple(...fields.map(([name]) => text(name))),
    fields: dict(Object.fromEntries(fields.map(([name, type, at]) => [name, tuple(type, int(at))]))),
  });
}

function array(
  type: Uint8Array,
  shape: readonly (number | bigint)[],
  data: Uint8Array,
  fortran = false,
): Uint8Array {
  const made = call(
    "numpy.core.multiarray._reconstruct",
    named("numpy", "ndarray"),
    tuple(int(0)),
    bytes("b"),
  );
  const state = tuple(int(1), tuple(...shape.map(int)), type, assemble(fortran ? "\x88" : "\x89"), data);
  return assemble(made, state, "b");
}

const I8 = dtype("i8");
const ints = (...values: (number | bigint)[]): Uint8Array =>
  array(
    I8,
    [values.length],
    bytes(assemble(...values.map((value) => le(BigInt.asUintN(64, BigInt(value)), 8)))),
  );
const zeros = (length: number): Uint8Array => array(I8, [length], bytes(new Uint8Array(8 * length)));

const index = (kind: string, parts: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  call("pandas.core.indexes.base._new_Index", named("pandas.core.indexes.base", kind), dict(parts));
const range = (stop: number | bigint, step = 1): Uint8Array =>
  index("RangeIndex", { name: none, start: int(0), stop: int(stop), step: int(step) });
const multi = (levels: Uint8Array, codes: Uint8Array): Uint8Array =>
  index("MultiIndex", { levels, codes, names: list() });

const slice = (from: number, to: number): Uint8Array => call("builtins.slice", int(from), int(to), int(1));
const block = (values: Uint8Array, places: Uint8Array): Uint8Array =>
  call("pandas._libs.internals._unpickle_block", values, places, int(2));
const manager = (blocks: Uint8Array, axes: Uint8Array): Uint8Array =>
  call("pandas._libs.internals.BlockManager", blocks, axes);
const frame = (blocks: Uint8Array, columns: Uint8Array, rows: Uint8Array): Uint8Array =>
  instance("pandas.core.frame.DataFrame", dict({ _mgr: manager(blocks, list(columns, rows)) }));
const series = (values: Uint8Array, rows: Uint8Array): Uint8Array =>
  instance(
    "pandas.core.series.Series",
    dict({
      _mgr: call("pandas._libs.internals.SingleBlockManager", tuple(block(values, slice(0, 1))), list(rows)),
      _name: none,
    }),
  );
const backed = (kind: string, type: Uint8Array, data: Uint8Array): Uint8Array =>
  assemble(
    call("pandas._libs.arrays.__pyx_unpickle_NDArrayBacked", named("pandas.core.arrays", kind), int(1), none),
    tuple(type, data, dict({})),
    "b",
  );
const categorical = (categories: Uint8Array, codes: Uint8Array): Uint8Array =>
  backed("Categorical", instance("pandas.core.dtypes.dtypes.CategoricalDtype", dict({ categories })), codes);
const periods = (freq: string, data: Uint8Array): Uint8Array =>
  backed("PeriodArray", call("pandas.core.dtypes.dtypes.PeriodDtype", text(freq)), data);

const alias = (name: string): Uint8Array => call("pyarrow.lib.type_for_alias", text(name));
const buffer = (data: Uint8Array | string): Uint8Array => call("pyarrow.lib.py_buffer", bytes(data));
const chunk = (
  type: Uint8Array,
  length: number | bigint,
  offset: number | bigint,
  buffers: Uint8Array[],
  children: Uint8Array[] = [],
): Uint8Array => tuple(type, int(length), int(0), int(offset), list(...buffers), list(...children), none);
const restored = (data: Uint8Array): Uint8Array => call("pyarrow.lib._restore_array", data);
const arrow = (data: Uint8Array): Uint8Array =>
  instance("pandas.core.arrays.arrow.array.ArrowExtensionArray", dict({ _pa_array: data }));

/** Five values that shared parts make up by the thousand. */
function wide(
  depth: number,
  fanOut: number,
  leaf: Uint8Array,
  make: (inner: Uint8Array[]) => Uint8Array,
): Uint8Array {
  let value = leaf;
  for (let level = 0; level < depth; level++) {
    const kept = put(100 + level, value);
    value = make([kept, ...Array.from({ length: fanOut - 1 }, () => get(100 + level))]);
  }
  return value;
}

const names = Array.from({ length: 2000 }, (_, at) => `f${at}`);

/** Each is one value. */
const VALUES: Readonly<Record<string, () => Uint8Array>> = {
  "negative shape": () => array(I8, [-1], bytes("")),
  "shape past a word": () => array(I8, [2n ** 62n, 4], bytes("")),
  "no bytes, many elements": () => array(dtype("V0", { itemsize: 0 }), [2n ** 50n], bytes("")),
  "no bytes, many elements, Fortran": () =>
    array(dtype("V0", { itemsize: 0 }), [2 ** 25, 2 ** 25], bytes(""), true),
  "texts of no bytes": () => array(dtype("U0", { itemsize: 0 }), [2n ** 50n], bytes("")),
  "64 axes of 1": () =>
    array(
      I8,
      Array.from({ length: 64 }, () => 1),
      bytes("12345678"),
    ),
  "50 axes of 2 without bytes": () =>
    array(
      dtype("S0", { itemsize: 0 }),
      Array.from({ length: 50 }, () => 2),
      bytes(""),
    ),
  "22 axes of 2": () =>
    array(
      dtype("u1"),
      Array.from({ length: 22 }, () => 2),
      bytes(new Uint8Array(1 << 22)),
    ),
  "rows of nothing": () => array(I8, [2n ** 53n - 1n, 0], bytes("")),
  "a field that is a large array of nothing": () =>
    array(
      record(0, [
        [
          "a",
          dtype("V0", { itemsize: 0, subarray: tuple(dtype("V0", { itemsize: 0 }), tuple(int(2n ** 40n))) }),
          0,
        ],
      ]),
      [3],
      bytes(""),
    ),
  "fields of fields of fields": () =>
    array(
      wide(3, 2000, dtype("V0", { itemsize: 0 }), (inner) =>
        record(
          0,
          inner.map((one, at) => [names[at] ?? "", one, 0]),
        ),
      ),
      [3],
      bytes(""),
    ),
  "many rows of many overlapping fields": () =>
    array(
      record(
        1,
        names.map((name) => [name, name === "f0" ? put(50, dtype("u1")) : get(50), 0]),
      ),
      [100_000],
      bytes(new Uint8Array(100_000)),
    ),
  "many scalars of many fields": () => {
    const one = (type: Uint8Array): Uint8Array =>
      call("numpy.core.multiarray.scalar", type, bytes(new Uint8Array(1)));
    const type = record(
      1,
      names.map((name) => [name, name === "f0" ? put(50, dtype("u1")) : get(50), 0]),
    );
    return list(one(put(51, type)), ...Array.from({ length: 2000 }, () => one(get(51))));
  },
  "fields out of bounds": () => array(record(4, [["a", I8, 2]]), [1], bytes("1234")),
  "a dtype that is its own field": () =>
    array(
      assemble(
        put(MEMO, call("numpy.dtype", text("V8"), int(0), int(1))),
        tuple(
          int(3),
          text("|"),
          none,
          tuple(text("a")),
          dict({ a: tuple(get(MEMO), int(0)) }),
          int(8),
          int(1),
          int(0),
        ),
        "b",
      ),
      [1],
      bytes("12345678"),
    ),
  "a unit of Object's": () => array(dtype("M8", { unit: "constructor" }), [1], bytes("12345678")),
  "texts that may be lists of such texts": () =>
    wide(7, 10, array(I8, [0], bytes("")), (inner) =>
      array(
        call("numpy.core._internal._convert_to_stringdtype_kwargs", assemble("\x88"), list(...inner)),
        [1],
        list(text("a")),
      ),
    ),
  "an array of itself": () => {
    const made = call(
      "numpy.core.multiarray._reconstruct",
      named("numpy", "ndarray"),
      tuple(int(0)),
      bytes("b"),
    );
    return assemble(
      put(MEMO, made),
      tuple(int(1), tuple(int(1)), dtype("O8"), assemble("\x89"), list(get(MEMO))),
      "b",
    );
  },
  "objects that are added to afterwards": () => {
    const objects = put(MEMO, list(none, none));
    return tuple(array(dtype("O8"), [2], objects), assemble(get(MEMO), "(NNe"));
  },

  "a frame whose parts are itself": () =>
    knot(
      MEMO,
      "pandas.core.frame.DataFrame",
      dict({ _mgr: manager(tuple(get(MEMO)), list(get(MEMO), get(MEMO))) }),
    ),
  "a frame whose manager is itself": () =>
    knot(
      MEMO,
      "pandas.core.internals.managers.BlockManager",
      tuple(none, none, none, dict({ "0.14.1": dict({ axes: list(get(MEMO)), blocks: list(get(MEMO)) }) })),
    ),
  "a frame that holds itself": () =>
    knot(
      MEMO,
      "pandas.core.frame.DataFrame",
      dict({
        _mgr: manager(
          tuple(block(array(dtype("O8"), [1, 1], list(get(MEMO))), slice(0, 1))),
          list(range(1), range(1)),
        ),
      }),
    ),
  "a frame of many rows without a byte": () =>
    frame(
      tuple(block(array(dtype("V0", { itemsize: 0 }), [1, 2n ** 50n], bytes("")), slice(0, 1))),
      range(1),
      range(2n ** 50n),
    ),
  "blocks that claim a million columns each": () => {
    const one = put(MEMO, block(array(I8, [2 ** 20, 0], bytes("")), slice(0, 2 ** 20)));
    return frame(tuple(one, ...Array.from({ length: 5000 }, () => get(MEMO))), range(2 ** 20), range(0));
  },
  "very many columns without a row": () =>
    frame(tuple(block(array(I8, [2 ** 18, 0], bytes("")), slice(0, 2 ** 18))), range(2 ** 18), range(0)),
  "a hundred thousand columns": () =>
    frame(
      tuple(block(array(I8, [100_000, 1], bytes(new Uint8Array(800_000))), slice(0, 100_000))),
      range(100_000),
      range(1),
    ),
  "twenty thousand blocks": () =>
    frame(
      tuple(
        ...Array.from({ length: 20_000 }, (_, at) =>
          block(array(at === 0 ? put(MEMO, I8) : get(MEMO), [1, 1], bytes("12345678")), slice(at, at + 1)),
        ),
      ),
      range(20_000),
      range(1),
    ),
  "an array class of Object's": () =>
    frame(tuple(block(instance("pandas.arrays.constructor", dict({})), slice(0, 1))), range(1), range(1)),
  "rows up to 2 ** 53": () => range(2n ** 53n - 1n),
  "rows past 2 ** 53": () => range(2n ** 70n),
  "rows by a fraction": () =>
    index("RangeIndex", { start: int(0), stop: assemble("G\x40\x00\x00\x00\x00\x00\x00\x00"), step: int(1) }),
  "codes shorter than labels": () =>
    tuple(bytes("secret--".repeat(10)), multi(list(range(3), range(3)), list(ints(0, 1, 2), ints(0)))),
  "many levels": () =>
    multi(
      list(put(MEMO, range(3)), ...Array.from({ length: 999 }, () => get(MEMO))),
      list(put(8, ints(0, 1, 2)), ...Array.from({ length: 999 }, () => get(8))),
    ),
  "very many levels": () =>
    multi(
      list(put(MEMO, range(3)), ...Array.from({ length: 1e4 }, () => get(MEMO))),
      list(put(8, ints(0, 1, 2)), ...Array.from({ length: 1e4 }, () => get(8))),
    ),
  "levels of levels by categories": () =>
    wide(4, 900, range(3), (inner) => {
      const own = put(40, ints(0, 1, 2));
      const levels = inner.map((one) =>
        index("CategoricalIndex", { data: categorical(one, get(40)), name: none }),
      );
      return tuple(own, multi(list(...levels), list(...levels.map(() => get(40)))));
    }),
  "levels of shared levels by categories": () =>
    wide(6, 900, range(3), ([first = none]) => {
      const own = multi(
        list(
          put(
            41,
            index("CategoricalIndex", { data: categorical(first, put(40, ints(0, 1, 2))), name: none }),
          ),
          ...Array.from({ length: 899 }, () => get(41)),
        ),
        list(...Array.from({ length: 900 }, () => get(40))),
      );
      return own;
    }),
  "categories that are themselves": () =>
    assemble(
      put(
        MEMO,
        call(
          "pandas._libs.arrays.__pyx_unpickle_NDArrayBacked",
          named("pandas.core.arrays", "Categorical"),
          int(1),
          none,
        ),
      ),
      tuple(
        instance(
          "pandas.core.dtypes.dtypes.CategoricalDtype",
          dict({ categories: index("Index", { data: get(MEMO), name: none }) }),
        ),
        ints(0),
        dict({}),
      ),
      "b",
    ),
  "intervals of themselves": () =>
    series(
      knot(
        MEMO,
        "pandas.arrays.IntervalArray",
        dict({ _left: get(MEMO), _right: get(MEMO), _closed: text("left") }),
      ),
      range(1),
    ),
  "an index of intervals of themselves": () =>
    index("Index", {
      data: knot(
        MEMO,
        "pandas.arrays.IntervalArray",
        dict({ _left: get(MEMO), _right: get(MEMO), _closed: text("left") }),
      ),
      name: none,
    }),
  "an interval of itself": () =>
    knot(MEMO, "pandas._libs.interval.Interval", tuple(get(MEMO), get(MEMO), text("left"))),
  "a name that a screen would obey": () =>
    series(
      backed(
        "DatetimeArray",
        instance(
          "pandas.core.dtypes.dtypes.DatetimeTZDtype",
          dict({
            tz: call(
              "datetime.timezone",
              call("datetime.timedelta", int(0), int(0), int(0)),
              long("\x1b[2J".repeat(10_000)),
            ),
          }),
        ),
        array(dtype("M8", { unit: "ns" }), [1], bytes("12345678")),
      ),
      range(1),
    ),
  "periods of Object's": () => series(periods("constructor", ints(1)), range(1)),
  "periods of fractions": () =>
    series(
      periods("D", array(dtype("f8"), [1], bytes(new Uint8Array(Float64Array.of(1.5).buffer)))),
      range(1),
    ),
  "periods far away": () =>
    tuple(
      ...["Y", "Q", "M", "W", "D", "B", "h", "ns"].map((freq) =>
        series(periods(freq, ints(2n ** 63n - 1n)), range(1)),
      ),
    ),
  "sparse values of very many places": () => {
    const many = put(
      MEMO,
      array(
        dtype("i4"),
        [1 << 20],
        bytes(new Uint8Array(Int32Array.from({ length: 1 << 20 }, (_, at) => at).buffer)),
      ),
    );
    const sparse = (places: Uint8Array): Uint8Array =>
      instance(
        "pandas.core.arrays.sparse.array.SparseArray",
        dict({
          _sparse_index: call("pandas._libs.sparse.IntIndex", int(1 << 20), places),
          _sparse_values: get(8),
          _dtype: instance("pandas.core.dtypes.dtypes.SparseDtype", dict({ _fill_value: int(0) })),
        }),
      );
    return tuple(
      put(8, zeros(1 << 16)),
      list(
        ...Array.from({ length: 200 }, (_, at) =>
          series(sparse(at === 0 ? many : get(MEMO)), range(1 << 20)),
        ),
      ),
    );
  },
  "sparse values of very many blocks": () => {
    const many = put(
      MEMO,
      array(
        dtype("i4"),
        [1 << 20],
        bytes(new Uint8Array(Int32Array.from({ length: 1 << 20 }, (_, at) => at).buffer)),
      ),
    );
    const sparse = (places: Uint8Array): Uint8Array =>
      instance(
        "pandas.core.arrays.sparse.array.SparseArray",
        dict({
          _sparse_index: call("pandas._libs.sparse.BlockIndex", int(1 << 20), places, get(MEMO)),
          _sparse_values: get(8),
          _dtype: instance("pandas.core.dtypes.dtypes.SparseDtype", dict({ _fill_value: int(0) })),
        }),
      );
    return tuple(
      put(8, zeros(1 << 16)),
      list(
        ...Array.from({ length: 200 }, (_, at) =>
          series(sparse(at === 0 ? many : get(MEMO)), range(1 << 20)),
        ),
      ),
    );
  },

  "chunks of themselves": () =>
    arrow(
      assemble(
        "]",
        "r",
        le(MEMO, 4),
        "(",
        call("pyarrow.lib.chunked_array", get(MEMO), alias("int64")),
        "e0",
        call("pyarrow.lib.chunked_array", get(MEMO), alias("int64")),
      ),
    ),
  "a series of chunks of themselves": () =>
    series(
      arrow(
        call(
          "pyarrow.lib.chunked_array",
          assemble(
            "]",
            "r",
            le(MEMO, 4),
            "(",
            call("pyarrow.lib.chunked_array", get(MEMO), alias("int64")),
            "e",
          ),
          alias("int64"),
        ),
      ),
      range(1),
    ),
  "an Arrow type of Object's": () =>
    series(arrow(restored(chunk(alias("constructor"), 1, 0, [none, buffer("12345678")]))), range(1)),
  "an Arrow unit of Object's": () =>
    series(
      arrow(
        restored(chunk(call("pyarrow.lib.timestamp", text("constructor")), 1, 0, [none, buffer("12345678")])),
      ),
      range(1),
    ),
  "Arrow offsets that lie": () =>
    tuple(
      bytes("secret--"),
      ...[
        [0, 1000],
        [-5, 3],
        [3, 1],
        [2 ** 31 - 1, 2 ** 31 - 1],
      ].map(([from = 0, to = 0]) =>
        series(
          arrow(
            restored(
              chunk(alias("string"), 1, 0, [
                none,
                buffer(new Uint8Array(Int32Array.of(from, to).buffer)),
                buffer("abc"),
              ]),
            ),
          ),
          range(1),
        ),
      ),
    ),
  "Arrow values past their bytes": () =>
    tuple(
      ...["bool", "int64", "string"].map((name) =>
        series(
          arrow(restored(chunk(alias(name), 2 ** 40, 2n ** 52n, [buffer("\xff"), buffer("1")]))),
          range(2 ** 40),
        ),
      ),
    ),
  "Arrow nothing, very often": () =>
    series(arrow(restored(chunk(alias("null"), 2n ** 52n, 0, [none]))), range(2n ** 52n)),
  "Arrow lists of the same lists": () => {
    const offsets = buffer(
      new Uint8Array(Int32Array.from({ length: 2002 }, (_, at) => (at % 2 === 0 ? 0 : 1000)).buffer),
    );
    const item = (level: number): Uint8Array => {
      let type = alias("int64");
      for (let at = 0; at < level; at++) type = call("pyarrow.lib.list_", type);
      return type;
    };
    let data = chunk(alias("int64"), 1000, 0, [none, buffer(new Uint8Array(8000))]);
    for (let level = 1; level <= 6; level++) data = chunk(item(level), 1000, 0, [none, offsets], [data]);
    return series(arrow(restored(data)), range(1000));
  },
  "an Arrow list of itself": () => {
    const parts = assemble(
      "]",
      "r",
      le(MEMO, 4),
      "(",
      chunk(call("pyarrow.lib.list_", alias("int64")), 1, 0, [none, buffer(new Uint8Array(8))], []).subarray(
        0,
        -1,
      ),
      "te0",
    );
    return tuple(
      parts,
      series(
        arrow(
          restored(
            chunk(
              call("pyarrow.lib.list_", alias("int64")),
              1,
              0,
              [none, buffer(new Uint8Array(Int32Array.of(0, 1).buffer))],
              [assemble(get(MEMO))],
            ),
          ),
        ),
        range(1),
      ),
    );
  },
  "an Arrow decimal far from the point": () =>
    tuple(
      ...[2n ** 31n - 1n, -(2n ** 31n), 2n ** 52n].map((scale) =>
        series(
          arrow(
            restored(
              chunk(call("pyarrow.lib.decimal128", int(5), int(scale)), 1, 0, [
                none,
                buffer("1234567812345678"),
              ]),
            ),
          ),
          range(1),
        ),
      ),
    ),
};

interface Slow {
  readonly what: string;
  readonly ms: number;
}

/** Looks at a value as a viewer does, at a few of its parts too. */
async function lookAt(data: Uint8Array): Promise<Slow[]> {
  const slow: Slow[] = [];
  let last = workMs();
  const lap = (what: string): void => {
    const now = workMs();
    slow.push({ what, ms: Math.round(now - last) });
    last = now;
  };
  const { root } = await openPickle(data);
  lap("open");
  const waiting: PyNode[] = [root];
  for (let looks = 0; looks < 12; looks++) {
    const node = waiting.shift();
    if (node === undefined) break;
    const { type, length, shape, childCount, preview } = node;
    lap(`${looks} row`);
    expect(type).not.toBe("");
    expect(preview.length, preview.slice(0, 500)).toBeLessThan(2500);
    expect(/\p{Cc}/u.test(preview), JSON.stringify(preview.slice(0, 300))).toBe(false);
    expect([length, shape, childCount]).toBeDefined();
    const children = await node.children();
    lap(`${looks} children`);
    for (const { key, value } of children) {
      if (typeof key === "object") expect(key.preview).toBeDefined();
      expect([value.type, value.childCount, value.length, value.preview]).toBeDefined();
    }
    lap(`${looks} rows below`);
    waiting.push(...children.slice(0, 6).map(({ value }) => value));
    await node.tagged({ depth: 4, items: 100 });
    lap(`${looks} tagged in part`);
  }
  JSON.stringify(await root.tagged());
  lap("tagged");
  pyRepr(await root.toValue());
  lap("value");
  return slow;
}

describe("values of libraries that no library writes", () => {
  it.each(Object.entries(VALUES))(
    "are looked at without harm: %s",
    async (_, make) => {
      const data = assemble("\x80\x04", make(), ".");
      const slow = (await lookAt(data)).filter(({ ms }) => ms > MOST_MS);
      expect(slow).toEqual([]);
    },
    60_000,
  );

  it("are looked at while they arrive, and where they break off", async () => {
    const values = array(I8, [1, 3], bytes(assemble(le(1, 8), le(2, 8), le(3, 8))));
    const data = assemble(
      "\x80\x04",
      list(frame(tuple(block(values, slice(0, 1))), range(1), range(3)), zeros(9)),
      ".",
    );
    const look = async (root: PyNode): Promise<void> => {
      expect([root.type, root.preview, root.childCount, root.length]).toBeDefined();
      for (const id of [-1, -5, -10, -15, -20, -25, -30]) {
        const node = document.node(id);
        expect([node?.type, node?.preview, node?.childCount, node?.length, node?.shape]).toBeDefined();
      }
      await Promise.resolve();
    };
    let document = await openPickle(data);
    for (let end = 0; end < data.length; end += 3) {
      document = await openPickle(data.subarray(0, end));
      await look(document.root);
      JSON.stringify(await document.root.tagged());
      pyRepr(await document.root.toValue());
    }
    document = await openPickle(inChunks(data, 5));
    document.onProgress(() => void look(document.root));
    await document.complete;
    const [child] = await document.root.children();
    expect(child?.value.preview).toContain("DataFrame(3 × 1: 0 int64)");
  });
});
