import { parseJson } from '../lib/text.js';
import type { HttpAnswer } from './http-call.js';

/** An answer's body as text, by its byte order mark, else by the charset of its Content-Type, else as UTF-8. */
export function answerText({ headers, body }: Pick<HttpAnswer, 'headers' | 'body'>): string {
  const contentType = [headers['content-type'] ?? ''].flat().join(',');
  const charset = /;\s*charset="?([\w.:-]{1,40})/i.exec(contentType)?.[1];
  return decoderFor(markOf(body) ?? charset).decode(body);
}

/** The JSON value of an answer, its numbers exact; undefined when the body is not JSON. */
export const answerJson = (answer: Pick<HttpAnswer, 'headers' | 'body'>): unknown => parseJson(answerText(answer));

function markOf(body: Buffer): string | undefined {
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 'utf-8' : undefined;
}

/** Decoders remove the byte order mark. */
function decoderFor(charset = 'utf-8'): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
