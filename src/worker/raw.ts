import { Slices } from "../base/slices.ts";
import type { PyDocument } from "../pickle/index.ts";
import type { FindBytesParams, RawPart } from "../protocol/raw.ts";
import type { Range } from "../protocol/table.ts";

/** Bytes that are given at once at most. */
const MOST_BYTES = 1 << 18;
/** Bytes that are looked through between two looks at the clock: a millisecond. */
const PIECE = 1 << 20;
/** Bytes that are looked for at most. */
const MOST_NEEDLE = 1 << 12;

/** Some bytes of the pickle, and how many there are so far. */
export function rawPart(document: PyDocument, { from, to }: Range): RawPart {
  const { bytes, sizeBytes } = document.raw({ from, to: Math.min(to, from + MOST_BYTES) });
  // A copy: what is sent takes along all that it is a view of.
  return { from, bytes: bytes.slice(), sizeBytes };
}

/** The first place of the bytes at `from` or behind it; `null` where they are not. */
export async function findBytes(
  document: PyDocument,
  { from, hex }: FindBytesParams,
  signal: AbortSignal,
): Promise<number | null> {
  const needle = Buffer.from(hex.slice(0, 2 * MOST_NEEDLE), "hex");
  if (needle.length === 0) return null;
  const slices = new Slices({ signal });
  for (let at = from; ; at += PIECE) {
    if (slices.areDue) await slices.pause();
    // Each piece begins with what may be the end of a hit at the end of the one before.
    const { bytes } = document.raw({ from: at, to: at + PIECE + needle.length - 1 });
    if (bytes.length < needle.length) return null;
    const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(needle);
    if (found >= 0) return at + found;
  }
}
