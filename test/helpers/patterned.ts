import { createHash } from "node:crypto";

/** The content of the object with a key: other bytes at every place and for every key, so that no part can be taken for another. */
export function patterned(key: string, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at * 32 < length; at++) blocks.push(createHash("sha256").update(`${key}\n${at}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}
