import { performance } from 'node:perf_hooks';
import type { GuardedAnswer, GuardedClient } from '../../http/client/client.js';
import { GuardedRequestError } from '../../http/client/errors.js';
import { signedHeaders } from '../../lib/signing.js';
import { retryAfterMs } from '../../lib/retry-after.js';
import type { Message } from './body.js';
import type { Target } from './target.js';

/** One try, and what came of it. */
export interface Attempt {
  at: Date;
  durationMs: number;
  /** A 2xx status came. */
  succeeded: boolean;
  responseCode: number | null;
  /** The start of the answer, at most 4 KiB as UTF-8. */
  responseBody: string;
  /** In our words; of one that succeeded, what was odd about the answer. */
  error: string | null;
  /** The receiver wants nothing any more: it answered 410. */
  isGone: boolean;
  /** We stopped it ourselves; nobody knows what came of it. */
  wasStopped: boolean;
  /** What the receiver asked us to wait. */
  retryAfterMs: number | null;
}

export interface Try {
  delivery: { _id: string };
  message: Message;
  /** Opened, or there is nothing to sign with. */
  endpoint: Pick<Target, 'url' | 'orgId'> & { opened: NonNullable<Target['opened']> };
  /** Ends it at once. */
  signal?: AbortSignal | undefined;
}

/** Posts a message once, signed. Never throws: whatever happens is an attempt. */
export type AttemptOnce = (one: Try) => Promise<Attempt>;

const maxPreviewLength = 4 * 1024;

/** @param http its deadline is that of an attempt as a whole */
export function createAttemptOnce({ http }: { http: Pick<GuardedClient, 'request'> }): AttemptOnce {
  return async ({ delivery, message, endpoint, signal }) => {
    const at = new Date();
    const startedAt = performance.now();
    const { headers, secrets } = endpoint.opened;
    try {
      const answer = await http.request({
        org: endpoint.orgId,
        url: endpoint.url,
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          'x-keeptrusts-delivery': delivery._id,
          ...signedHeaders({ id: message.id, at, body: message.body, event: message.type, secrets }),
        },
        body: message.body,
        ...(signal && { signal }),
      });
      return attemptOf(answer, at);
    } catch (error) {
      return unanswered(error, at, Math.round(performance.now() - startedAt));
    }
  };
}

function attemptOf({ status, headers, body, brokenBy, durationMs }: GuardedAnswer, at: Date): Attempt {
  const succeeded = status >= 200 && status < 300;
  return {
    at,
    durationMs,
    succeeded,
    responseCode: status,
    responseBody: previewOf(body),
    error: succeeded ? oddityOf(status, brokenBy) : errorFor(status),
    isGone: status === 410,
    wasStopped: false,
    retryAfterMs: succeeded ? null : retryAfterMs(headers['retry-after'], at.getTime()),
  };
}

function unanswered(error: unknown, at: Date, durationMs: number): Attempt {
  const known = error instanceof GuardedRequestError ? error : null;
  return {
    at,
    durationMs,
    succeeded: false,
    responseCode: known?.status ?? null,
    responseBody: '',
    error: known?.message ?? 'It could not be sent.',
    isGone: false,
    wasStopped: known?.code === 'aborted',
    retryAfterMs: null,
  };
}

const oddityOf = (status: number, brokenBy: string | null): string | null =>
  brokenBy === null
    ? null
    : `The receiver answered ${status}, so the delivery arrived. The rest of its answer broke: ${brokenBy}`;

function errorFor(status: number): string {
  if (status === 410) return 'The receiver answered 410: it wants nothing any more.';
  if (status >= 300 && status < 400) return `The receiver answered ${status}; redirects are not followed.`;
  return `The receiver answered ${status}.`;
}

/** A character that is cut at the end is left out; what is no UTF-8 may grow when it is replaced. */
function previewOf(body: Buffer): string {
  if (body.length === 0) return '';
  const text = new TextDecoder().decode(body.subarray(0, maxPreviewLength), { stream: body.length > maxPreviewLength });
  if (Buffer.byteLength(text) <= maxPreviewLength) return text;
  return new TextDecoder().decode(Buffer.from(text).subarray(0, maxPreviewLength), { stream: true });
}
