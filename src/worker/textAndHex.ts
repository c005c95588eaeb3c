import { decodeUtf8, endOfCharacter } from "../pickle/text.ts";
import type { PyNode } from "../pickle/index.ts";
import type { HexPart, TextPart } from "../protocol/nodes.ts";

/** Bytes that are given at once at most, whatever is asked for. */
const MAX_PART = 1024 * 1024;

/** The text of a `str` from byte `from` of its UTF-8, never ending inside a character. */
export async function textPart(node: PyNode, from: number, to: number): Promise<TextPart> {
  const wanted = Math.max(4, Math.min(to - from, MAX_PART));
  const bytes = (await node.bytes({ from, to: from + wanted })) ?? new Uint8Array();
  const isLast = bytes.length < wanted;
  const end = isLast ? bytes.length : endOfCharacter(bytes);
  const text = decodeUtf8(bytes.subarray(0, end)) ?? "";
  return { text, characters: countCharacters(text), ...(!isLast && { next: from + end }) };
}

/** The bytes `from` to `to` of a `bytes`, `bytearray` or `str`, of which the text's UTF-8; at most {@link MAX_PART} at once. */
export async function hexPart(node: PyNode, from: number, to: number): Promise<HexPart> {
  const bytes = (await node.bytes({ from, to: Math.min(to, from + MAX_PART) })) ?? new Uint8Array();
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
  return { from, hex, sizeBytes: node.length ?? bytes.length };
}

/** As Python counts: a surrogate pair is one character. */
function countCharacters(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    const low = text.charCodeAt(i);
    if (low < 0xdc00 || low > 0xdfff) continue;
    const high = text.charCodeAt(i - 1);
    if (high >= 0xd800 && high <= 0xdbff) count--;
  }
  return count;
}
