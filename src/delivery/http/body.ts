import { createDecoder } from './decode.js';
import { networkError } from './errors.js';

export interface ReadBody {
  /** Decompressed, at most the limit. */
  body: Buffer;
  /** Whether `body` is all of it: false when it was cut at the limit, or could not be decompressed to its end. */
  complete: boolean;
}

/** Compression makes small texts a little larger; a body that shrinks to the limit is not cut for that. */
const compressionOverhead = 1024;

/**
 * Reads an answer's body up to a limit, which counts after decompression; what is beyond is never read, nor unpacked.
 * @param encoding the Content-Encoding header; we ask for none, and some send one all the same
 * @throws GuardedRequestError `network` when the connection breaks
 */
export async function readBody(
  stream: AsyncIterable<unknown>,
  encoding: string | string[] | undefined,
  maxBytes: number,
): Promise<ReadBody> {
  const decoder = createDecoder(encoding);
  const sent = await readSent(stream, decoder ? maxBytes + compressionOverhead : maxBytes);
  if (!decoder || sent.body.length === 0) return sent;
  const unpacker = decoder(sent.body);
  unpacker.end(sent.body);
  return collectUnpacked(unpacker, maxBytes, sent.complete);
}

async function readSent(stream: AsyncIterable<unknown>, maxBytes: number): Promise<ReadBody> {
  try {
    return await collect(stream, maxBytes, new Collected());
  } catch (error) {
    throw networkError(error);
  }
}

/** What was unpacked before an error is kept: it is a preview at least. */
async function collectUnpacked(stream: AsyncIterable<unknown>, maxBytes: number, whole: boolean): Promise<ReadBody> {
  const collected = new Collected();
  try {
    const { body, complete } = await collect(stream, maxBytes, collected);
    return { body, complete: complete && whole };
  } catch {
    return { body: collected.bytes(), complete: false };
  }
}

class Collected {
  readonly chunks: Buffer[] = [];
  bytes = (): Buffer => Buffer.concat(this.chunks);
}

/** Leaving the loop early destroys the stream, and its connection with it. */
async function collect(stream: AsyncIterable<unknown>, maxBytes: number, into: Collected): Promise<ReadBody> {
  let left = maxBytes;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    into.chunks.push(chunk.subarray(0, left));
    if (chunk.length > left) return { body: into.bytes(), complete: false };
    left -= chunk.length;
  }
  return { body: into.bytes(), complete: true };
}
