import type { NdArrayShape } from "../shapes.ts";
import type { Json } from "../types.ts";
import { reprText } from "../natural/repr.ts";
import { inOrder, liesInBytes, loadedDtype } from "./array.ts";
import { dtypeJson } from "./dtype.ts";

/** The header's length is a multiple of this (NEP 1). */
const ALIGNED = 64;

/**
 * An array as `numpy.save` writes it, in C order, piece by piece. `undefined` where its elements do not lie in bytes, or some are masked: such a file has
 * no place for that.
 */
export function npyPieces(array: NdArrayShape): Iterable<Uint8Array> | undefined {
  const { data, shape, mask } = array;
  if (!liesInBytes(data) || mask !== undefined) return undefined;
  const lengths = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const descr = literalOf(dtypeJson(loadedDtype(array)));
  return pieces(`{'descr': ${descr}, 'fortran_order': False, 'shape': ${lengths}, }`, inOrder(array, data));
}

function* pieces(dict: string, data: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield headerOf(dict);
  yield* data;
}

/** Version 1.0 where it fits, 2.0 for longer ones, 3.0 where a name is not Latin-1. */
function headerOf(dict: string): Uint8Array {
  const isLatin = /^[\0-\xff]*$/.test(dict);
  const text = Buffer.from(dict, isLatin ? "latin1" : "utf8");
  const isShort = isLatin && text.length < 60_000;
  const before = isShort ? 10 : 12;
  const total = Math.ceil((before + text.length + 1) / ALIGNED) * ALIGNED;
  const header = Buffer.alloc(total, " ");
  header.write("\x93NUMPY", 0, "latin1");
  header[6] = isShort ? 1 : isLatin ? 2 : 3;
  header[7] = 0;
  if (isShort) header.writeUInt16LE(total - before, 8);
  else header.writeUInt32LE(total - before, 8);
  text.copy(header, before);
  header.write("\n", total - 1);
  return header;
}

/** A dtype's description as Python source: fields are tuples in a list, the shape of one that is an array a tuple. INVARIANT: recurses as deep as the dtype. */
function literalOf(descr: Json, isField = false): string {
  if (typeof descr === "string") return reprText(descr);
  if (!Array.isArray(descr)) return JSON.stringify(descr);
  const members = descr.map((member, at) => {
    if (!isField) return literalOf(member, true);
    // A field is (name, format) or (name, format, shape); a name may be (title, name).
    return at === 1 ? literalOf(member) : literalOf(member, true);
  });
  return isField ? `(${members.join(", ")}${members.length === 1 ? "," : ""})` : `[${members.join(", ")}]`;
}
