import { decodeUtf8 } from "../pickle/text.ts";
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

export async function hexPart(node: PyNode, from: number, to: number): Promise<HexPart> {
  const bytes = (await node.bytes({ from, to: Math.min(to, from + MAX_PART) })) ?? new Uint8Array();
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
  return { from, hex, sizeBytes: node.length ?? bytes.length };
}

/** Where the last character that is wholly there ends. */
function endOfCharacter(bytes: Uint8Array): number {
  let start = bytes.length - 1;
  // Continuation bytes are 10xxxxxx, at most three follow a lead byte.
  while (start > bytes.length - 4 && start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  const lead = bytes[start] ?? 0;
  const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return start + size <= bytes.length ? bytes.length : start;
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
