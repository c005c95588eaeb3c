/** All bytes of a stream in one piece; `undefined` when they are more than `maxBytes`. */
export async function joinBytes(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array>;
export async function joinBytes(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array | undefined>;
export async function joinBytes(
  stream: AsyncIterable<Uint8Array>,
  maxBytes = Infinity,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of stream) {
    total += chunk.length;
    if (total > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
