import { createDecoder } from './decode.js';

export interface ReadBody {
  /** Decompressed, at most the limit. */
  body: Buffer;
  /** Whether `body` is all of it: false when it was cut at the limit, or could not be decompressed to its end. */
  complete: boolean;
}

/** Compression makes small texts a little larger; a body that shrinks to the limit is not cut for that. */
const compressionOverhead = 1024;

/** How much is to be read of a body, for so much of it to be had. */
export const maxSentBytes = (encoding: string | string[] | undefined, maxBytes: number): number =>
  createDecoder(encoding) ? maxBytes + compressionOverhead : maxBytes;

/**
 * Unpacks an answer's body up to a limit; what is beyond is never unpacked.
 * @param encoding the Content-Encoding header; we ask for none, and some send one all the same
 * @param sent at most `maxSentBytes` of it
 */
export async function unpackBody(
  sent: ReadBody,
  encoding: string | string[] | undefined,
  maxBytes: number,
): Promise<ReadBody> {
  const decoder = createDecoder(encoding);
  if (!decoder || sent.body.length === 0) return sent;
  const unpacker = decoder(sent.body);
  unpacker.end(sent.body);
  const chunks: Buffer[] = [];
  let left = maxBytes;
  try {
    for await (const chunk of unpacker as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, left));
      // Leaving the loop early destroys the stream.
      if (chunk.length > left) return { body: Buffer.concat(chunks), complete: false };
      left -= chunk.length;
    }
    return { body: Buffer.concat(chunks), complete: sent.complete };
  } catch {
    // What was unpacked before an error is a preview at least.
    return { body: Buffer.concat(chunks), complete: false };
  }
}
