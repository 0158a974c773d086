import { ProviderError } from '../lib/provider-errors.js';
import type { HttpAnswer } from './http-call.js';
import type { Redact } from './redact.js';
import { retryAfterMs } from '../lib/retry-after.js';
import { trackerMessage } from './tracker-message.js';

/**
 * Why an answer is not a success, by API.md ("Failures"); null when it is one.
 * 408, 425, 429, 5xx and HTML with 200 are retryable, not sooner than their Retry-After; every other status outside 2xx is final.
 */
export function failureOf(answer: HttpAnswer, redact: Redact): ProviderError | null {
  const { status, body, headers } = answer;
  const wait = retryAfterMs(headers['retry-after']);
  if (status === 200 && isHtml(answer)) return new ProviderError('not_json', htmlText(answer, redact), true, wait);
  if (status >= 200 && status < 300) return null;
  const code = `http_${status}`;
  // Where it leads to is not shown: a Location can carry a token.
  if (status >= 300 && status < 400) {
    return new ProviderError(code, `HTTP ${status}: a redirect, and redirects are not followed.`, false);
  }
  const retryable = isRetryableStatus(status);
  return new ProviderError(code, trackerMessage(`HTTP ${status}`, body, redact), retryable, retryable ? wait : null);
}

/** Whether a status may heal by itself. */
function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** The media type of an answer, in lower case and without parameters; empty when it has none. */
export function mediaType({ headers }: HttpAnswer): string {
  return ([headers['content-type'] ?? ''].flat()[0] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/**
 * A page of a login, a proxy or a hibernating instance in place of an answer. PHP calls everything `text/html`, an empty
 * answer and JSON included: those are none.
 */
function isHtml(answer: HttpAnswer): boolean {
  const text = answer.body.toString('utf8').trimStart();
  if (/^<(!doctype\s+html|html)\b/i.test(text)) return true;
  const declared = ['text/html', 'application/xhtml+xml'].includes(mediaType(answer));
  return declared && (text !== '' || !answer.complete) && !text.startsWith('{');
}

const htmlText = (answer: HttpAnswer, redact: Redact) =>
  trackerMessage('HTTP 200 with an HTML page in place of an answer', answer.body, redact);
