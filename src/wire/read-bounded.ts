// Reads a body from outside, size before anything else. What is too large is an expected outcome; what it means is said by
// whoever asked.

/**
 * Counts what arrives (from `fetch`: after decompression) and stops there. `most` in bytes; `undefined`: there is more than
 * that; `null` is a response without a body. Throws what the stream throws.
 */
export async function readBounded(body: AsyncIterable<Uint8Array> | null, most: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
