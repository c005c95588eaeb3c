import type { PyNode } from "../pickle/index.ts";
import type { JsonText } from "../protocol/decoder.ts";
import { MAX_CHARACTERS, TooDeep, TooLarge } from "./json.ts";

/** Members of a container that the typed form has at most; JSON of more would not fit on a clipboard. */
const MAX_TYPED_ITEMS = 200_000;

/** The lossless form as JSON. Throws TooLarge for what has too many members, too much text or too deep a nesting. */
export async function typedJson(node: PyNode): Promise<JsonText> {
  const tagged = await node.tagged({ items: MAX_TYPED_ITEMS });
  let text: string;
  try {
    text = JSON.stringify(tagged, refuseCut, 2);
  } catch (thrown) {
    // JSON.stringify recurses; a value may be nested a million deep.
    if (thrown instanceof RangeError) throw new TooDeep();
    throw thrown;
  }
  if (text.length > MAX_CHARACTERS) throw new TooLarge(MAX_CHARACTERS);
  return { text, approximated: 0 };
}

/** A container that was cut has a `len`; bytes always have one. */
function refuseCut(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("len" in value)) return value;
  if ("t" in value && (value.t === "bytes" || value.t === "bytearray")) return value;
  throw new TooLarge(MAX_CHARACTERS);
}
