import { parseUrl } from '../../lib/parse-url.js';
import { ProviderError } from '../../lib/provider-errors.js';
import { ExactNumber } from '../../lib/json/index.js';
import type { HttpAnswer } from '../http-call.js';
import { mediaType } from '../http-failure.js';
import { answerJson, answerText } from '../answer-text.js';

/** What a receiver may say in a 2xx answer, each null where it said nothing usable. */
export interface ReceiverAnswer {
  externalId: string | null;
  externalUrl: string | null;
  externalCommentId: string | null;
}

/** Reads a 2xx answer. Empty ones, texts and JSON that is no object say nothing, and that is fine. */
export function readAnswer(answer: HttpAnswer): ReceiverAnswer {
  const value = answerJson(answer);
  const fields = new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  return {
    externalId: identifier(fields.get('external_id')),
    externalUrl: webUrl(fields.get('external_url')),
    externalCommentId: identifier(fields.get('external_comment_id')),
  };
}

/**
 * Refuses an answer to `ticket.create` that may name the ticket and cannot be read: going on with the proposed id would lose
 * every reply silently.
 * @throws ProviderError, final: `answer_unreadable`
 */
export function assertReadable(answer: HttpAnswer): void {
  const beginsLikeObject = /^\s*\{/.test(answerText({ ...answer, body: answer.body.subarray(0, 256) }));
  if (answer.complete && (!beginsLikeObject || answerJson(answer) !== undefined)) return;
  if (!answer.complete && !beginsLikeObject && !mediaType(answer).endsWith('json')) return;
  const why = answer.complete ? 'is not valid JSON' : 'is larger than 64 KiB or cannot be decompressed';
  const message = `HTTP ${answer.status}: the JSON of the answer ${why}, so the id of the ticket is not known.`;
  throw new ProviderError('answer_unreadable', message, false);
}

/** An id as a text of 1 to 255 printable characters; numbers are ids in many trackers. */
function identifier(value: unknown): string | null {
  const text = value instanceof ExactNumber ? value.text : typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.trim() === '' || text.length > 255) return null;
  return /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text) ? null : text;
}

/** Shown as a link, never dialled: only http and https, 2,048 characters at most, without credentials. */
function webUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 2048 || !/^https?:\/\/[^\s\p{C}]+$/iu.test(value)) return null;
  const url = parseUrl(value);
  return url?.username === '' && url.password === '' ? value : null;
}
