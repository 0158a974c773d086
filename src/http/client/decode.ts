import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  type ZlibOptions,
} from 'node:zlib';
import type { Transform } from 'node:stream';

/** Makes the stream that unpacks a body, which may be cut. */
type Decoder = (body: Buffer) => Transform;

// Small chunks: of a body that unpacks to gigabytes, little more than the limit is ever made.
const chunkSize = 16 * 1024;
const zlib: ZlibOptions = { chunkSize };

const gzip: Decoder = () => createGunzip(zlib);
/** By the book it is zlib's format; some send the bare stream, as browsers have learnt. */
const deflate: Decoder = (body) => (((body[0] ?? 0) & 0x0f) === 8 ? createInflate(zlib) : createInflateRaw(zlib));
const brotli: Decoder = () =>
  createBrotliDecompress({ chunkSize, params: { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 0 } });

const decoders = new Map<string, Decoder>([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', deflate],
  ['br', brotli],
]);

/** The decoder of a Content-Encoding; undefined for none, and for those that we do not know: their bytes stay as they are. */
export function createDecoder(header: string | string[] | undefined): Decoder | undefined {
  return decoders.get([header ?? ''].flat().join(',').trim().toLowerCase());
}
