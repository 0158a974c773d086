import { isPlainHttp, speaksPlainHttp } from '../lib/plain-http.js';
import { retryAfterMs } from '../lib/retry-after.js';
import { NotificationError, type NotificationAnswer } from './port.js';

/**
 * Why an answer is not a success, by API.md ("Failures"); null when it is one. 408, 425, 429, 5xx and HTML with 200 are
 * retryable, not sooner than their Retry-After; every other status outside 2xx is final.
 * @param service how our words call it
 * @param hint what its answer means, in our words; null when it says nothing that we know
 */
export function failureOfAnswer(service: string, answer: NotificationAnswer, hint: string | null) {
  const { status, headers } = answer;
  const wait = retryAfterMs(headers['retry-after']);
  if (status >= 200 && status < 300) {
    if (status !== 200 || !isHtml(answer)) return null;
    const page = `${service} answered with a web page (HTTP 200): is the address right?`;
    return new NotificationError('not_json', page, true, wait, status);
  }
  const fail = (message: string, retryable: boolean) =>
    new NotificationError(`http_${status}`, message, retryable, retryable ? wait : null, status);
  const why = hint === null ? '.' : `: ${hint}`;
  if (status === 408 || status === 425 || status >= 500)
    return fail(`${service} failed with HTTP ${status}${why}`, true);
  if (status === 429) return fail(`${service} asks for a slower pace (HTTP 429).`, true);
  if (status >= 300 && status < 400) {
    return fail(`${service} answered with a redirect (HTTP ${status}), and redirects are not followed.`, false);
  }
  return fail(`${service} refused with HTTP ${status}${why}`, false);
}

/** What the client threw, in our own words: its code is looked at, its message is not repeated. */
export function failureOfCall(service: string, error: unknown, signal: AbortSignal): NotificationError {
  if (error instanceof NotificationError) return error;
  const { code, reason, status } = clientError(error);
  const it = service.replace(/^The /, 'the ');
  const fail = (message: string, retryable: boolean) => new NotificationError(code, message, retryable, null, status);
  switch (code) {
    case 'timeout':
      return fail(`${service} did not answer in time.`, true);
    case 'aborted':
      return fail(`The call to ${it} was given up.`, true);
    case 'address_refused':
      return fail(`The address of ${it} may not be called.`, false);
    case 'unknown_host':
      return fail(`The name of ${it}’s host is unknown, or leads to no address that may be called.`, true);
    case 'invalid_request':
      return fail(`The address of ${it} cannot be called.`, false);
    case 'tls':
      if (isPlainHttp(reason)) return fail(`${service} ${speaksPlainHttp}${reason}.`, true);
      // Somebody will repair the certificate.
      return fail(`${service} has no certificate that is trusted${reason}.`, true);
    case 'network':
      if (signal.aborted) return new NotificationError('aborted', `The call to ${it} was given up.`, true);
      return fail(`The connection to ${it} failed${reason}.`, true);
  }
}

const codes = ['timeout', 'aborted', 'address_refused', 'unknown_host', 'invalid_request', 'tls', 'network'] as const;

/** The guarded client's errors; any other is a connection that failed. */
function clientError(error: unknown): { code: (typeof codes)[number]; reason: string; status: number | null } {
  const fields = new Map<string, unknown>(typeof error === 'object' && error !== null ? Object.entries(error) : []);
  const code = codes.find((known) => known === fields.get('code')) ?? 'network';
  const [reason, status] = [fields.get('reason'), fields.get('status')];
  return {
    code,
    reason: typeof reason === 'string' && /^[A-Z0-9_]{1,64}$/.test(reason) ? ` (${reason})` : '',
    status: typeof status === 'number' ? status : null,
  };
}

function isHtml({ headers, body }: NotificationAnswer): boolean {
  const text = body.subarray(0, 1024).toString('utf8').trimStart();
  if (/^<(!doctype\s+html|html)\b/i.test(text)) return true;
  const type = [headers['content-type'] ?? ''].flat()[0] ?? '';
  // PHP calls every answer HTML, `ok` and JSON included: markup is what makes a page.
  return /^(text\/html|application\/xhtml\+xml)\b/i.test(type) && text.startsWith('<');
}
