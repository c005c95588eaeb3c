import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Op } from "../../../src/pickle/opcodes.ts";
import { openPickle, PickleError } from "../../../src/pickle/index.ts";
import { FUZZ_TIMEOUT_MS, fuzzRuns } from "../../helpers/fuzzing.ts";
import { assemble, inChunks, le, named, text } from "./assemble.ts";

/** Pickles with something of everything, to be damaged. */
const seeds: readonly Uint8Array[] = [
  assemble(
    Op.PROTO,
    4,
    Op.FRAME,
    le(90, 8),
    "}",
    Op.MEMOIZE,
    "(",
    text("a"),
    "](K\x01M\x01\x02J\x01\0\0\x80e",
    text("b"),
    Op.LONG1,
    "\x03\x01\x02\x03",
    Op.BINFLOAT,
    "\x3f\xf0\0\0\0\0\0\0u.",
  ),
  assemble(
    named("datetime", "datetime"),
    "C\x0a\x07\xe8\x02\x1d\x0c\0\0\0\0\0",
    named("datetime", "timezone"),
    named("datetime", "timedelta"),
    "K\0M\x10\x0eK\0",
    Op.TUPLE3,
    "R",
    Op.TUPLE1,
    "R",
    Op.TUPLE2,
    "R.",
  ),
  assemble("(dp0\nS'k'\nL5L\nsVx\\u0041\n(lp1\nI1\naF1.5\nasg0\n(I1\nI01\nts."),
  assemble(named("uuid", "UUID"), ")", Op.NEWOBJ, "}", text("int"), Op.LONG1, "\x01\x05sb."),
  assemble(
    named("m", "C"),
    "(K\x01K\x02t",
    Op.NEWOBJ,
    "}(",
    text("x"),
    "N",
    text("y"),
    ")ub(K\x01K\x02e(",
    text("k"),
    "K\x03u.",
  ),
  assemble(
    "c__builtin__\nset\n(](K\x01K\x01K\x02etR",
    Op.EMPTY_SET,
    "(K\x01",
    text("s"),
    Op.ADDITEMS,
    "(NK\x01",
    Op.FROZENSET,
    Op.TUPLE3,
    ".",
  ),
  assemble(
    named("decimal", "Decimal"),
    text("-1.50E+3"),
    Op.TUPLE1,
    "R",
    named("builtins", "complex"),
    Op.BINFLOAT,
    "\0\0\0\0\0\0\0\0K\x01",
    Op.TUPLE2,
    "R",
    Op.TUPLE2,
    ".",
  ),
  assemble(
    Op.BYTEARRAY8,
    le(3, 8),
    "abc",
    "B",
    le(2, 4),
    "xyC\x01z",
    Op.SHORT_BINUNICODE,
    3,
    "\xed\xa0\x80",
    Op.TUPLE3,
    "2",
    Op.TUPLE2,
    "q\x05h\x05",
    Op.TUPLE2,
    ".",
  ),
];

/** Looks at everything that can be looked at. Whatever the bytes are, nothing but a PickleError may come out. */
async function exercise(source: Uint8Array, chunk: number | undefined): Promise<void> {
  const limits = { bytes: 1 << 20, index: 1 << 22 };
  const document = await openPickle(chunk === undefined ? source : inChunks(source, chunk), { limits });
  // A look while it arrives changes nothing.
  document.onProgress(() => {
    expect(document.root.preview.length + document.root.childCount).toBeGreaterThan(0);
  });
  const thrown: unknown = await document.complete.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown !== undefined) expect(thrown).toBeInstanceOf(PickleError);
  expect(thrown).toBe(document.problem);
  const answer = await document.root.tagged({ items: 50 });
  expect(answer.t).not.toBe("");
  await document.root.toValue();
  expect(document.root.preview).not.toMatch(/\p{Cc}/u);
  for (const { key, value } of await document.root.children({ from: 0, to: 10 })) {
    expect(value.preview.length + value.type.length).toBeGreaterThan(0);
    if (typeof key === "object") expect(key.preview.length).toBeGreaterThan(0);
    await value.children({ from: 0, to: 3 });
    expect(value.length ?? 0).toBeGreaterThanOrEqual(0);
    await value.bytes({ from: 0, to: 10 });
  }
}

const edit = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom("set", "insert", "delete", "copy"),
  byte: fc.nat(255),
  size: fc.integer({ min: 1, max: 12 }),
});

function damage(
  seed: Uint8Array,
  edits: readonly { at: number; kind: string; byte: number; size: number }[],
): Uint8Array {
  let bytes = [...seed];
  for (const { at, kind, byte, size } of edits) {
    const place = at % Math.max(1, bytes.length);
    if (kind === "set") bytes[place] = byte;
    else if (kind === "insert") bytes.splice(place, 0, byte);
    else if (kind === "delete") bytes.splice(place, size);
    else bytes = [...bytes.slice(0, place), ...bytes.slice(Math.max(0, place - size))];
  }
  return Uint8Array.from(bytes);
}

describe("damaged pickles", { timeout: FUZZ_TIMEOUT_MS }, () => {
  it("of any kind give what is readable or a PickleError", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(edit, { minLength: 1, maxLength: 8 }),
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        async (seed, edits, chunk) => {
          await exercise(damage(seed, edits), chunk);
        },
      ),
      fuzzRuns(1200, 5_000),
    );
  });

  it("of random opcodes give what is readable or a PickleError", async () => {
    const opcodes = fc.constantFrom(...Object.values(Op), 0, 1, 2, 10, 0x71);
    await fc.assert(
      fc.asyncProperty(fc.array(opcodes, { maxLength: 60 }), async (bytes) => {
        await exercise(Uint8Array.from([...bytes, Op.STOP]), undefined);
      }),
      fuzzRuns(2000, 4_000),
    );
  });

  it("in damaged gzip give what is readable or a PickleError", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        async (seed, edits, chunk) => {
          const source = damage(gzipSync(seed), edits);
          const document = await openPickle(chunk === undefined ? source : inChunks(source, chunk), {
            encoding: "gzip+pickle-v4",
            limits: { bytes: 1 << 20 },
          });
          await document.complete.catch((error: unknown) => {
            expect(error).toBeInstanceOf(PickleError);
          });
          await document.root.tagged();
        },
      ),
      fuzzRuns(300, 3_000),
    );
  });

  it("mean the same whether they come at once or byte by byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seeds), fc.array(edit, { maxLength: 4 }), async (seed, edits) => {
        const source = damage(seed, edits);
        const [whole, slow] = [await openPickle(source), await openPickle(inChunks(source, 1))];
        expect(await slow.root.tagged()).toEqual(await whole.root.tagged());
        expect(slow.problem?.message).toBe(whole.problem?.message);
      }),
      fuzzRuns(400, 3_000),
    );
  });
});
