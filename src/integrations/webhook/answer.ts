import { parseUrl } from '../../lib/parse-url.js';
import { ProviderError } from '../../lib/provider-errors.js';
import type { HttpAnswer } from '../http-call.js';
import { mediaType } from '../http-failure.js';
import { parseJson } from '../../lib/text.js';

/** What a receiver may say in a 2xx answer, each null where it said nothing usable. */
export interface ReceiverAnswer {
  externalId: string | null;
  externalUrl: string | null;
  externalCommentId: string | null;
}

/** Reads a 2xx answer. Empty ones, texts and JSON that is no object say nothing, and that is fine. */
export function readAnswer({ body }: HttpAnswer): ReceiverAnswer {
  const value = parseJson(body.toString('utf8'));
  const fields = new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  return {
    externalId: identifier(fields.get('external_id')),
    externalUrl: webUrl(fields.get('external_url')),
    externalCommentId: identifier(fields.get('external_comment_id')),
  };
}

/**
 * A created ticket's answer that began as JSON and was cut may hold the ticket's id. To go on with the proposed one would
 * lose every reply without a word.
 * @throws ProviderError, final: `answer_unreadable`
 */
export function assertReadable(answer: HttpAnswer): void {
  const json = mediaType(answer).endsWith('json') || /^\s*\{/.test(answer.body.toString('latin1', 0, 256));
  if (answer.complete || !json) return;
  const why = 'its JSON is larger than 64 KiB or cannot be decompressed, so the id of the ticket is not known.';
  throw new ProviderError('answer_unreadable', `HTTP ${answer.status}: ${why}`, false);
}

/** An id as a text of 1 to 255 printable characters; numbers are ids in many trackers. */
function identifier(value: unknown): string | null {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof text !== 'string' || text.trim() === '' || text.length > 255) return null;
  return /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text) ? null : text;
}

/** Shown as a link, never dialled: only http and https, 2,048 characters at most, without credentials. */
function webUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 2048 || !/^https?:\/\/[^\s\p{C}]+$/iu.test(value)) return null;
  const url = parseUrl(value);
  return url?.username === '' && url.password === '' ? value : null;
}
