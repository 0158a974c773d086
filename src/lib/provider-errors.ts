/**
 * Why a tracker did not do it.
 * `message` is in the tracker's words, one line, at most 500 characters, without secrets: it is stored on the link and shown to callers.
 * It never enters Temporal, which is told `code` alone.
 */
export class ProviderError extends Error {
  constructor(
    /** Short and stable: `network`, `timeout`, `aborted`, `http_429`, `http_400`, `not_json`, `answer_unreadable`, `mock_store`, `external_id_taken`… */
    readonly code: string,
    message: string,
    /** True: it may heal, and is tried again without an end. False: final. */
    readonly retryable: boolean,
    /** The tracker's own Retry-After, in milliseconds: never try sooner. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
    this.name = 'ProviderError';
  }
}

/** Nobody was called: the tracker has not answered for a while. */
export class TrackerUnreachable extends ProviderError {
  constructor(
    readonly since: Date,
    /** What happened last. */
    words: string,
    retryAfterMs: number,
  ) {
    const message = `The tracker has been unreachable since ${since.toISOString().slice(0, 19)}Z. ${words}`.trim();
    super('tracker_unreachable', message.slice(0, 500), true, retryAfterMs);
    this.name = 'TrackerUnreachable';
  }
}

/** A try that was given up because it is no longer wanted: the worker stops, or the ticket was unlinked. */
export const aborted = () => new ProviderError('aborted', 'The call to the tracker was given up.', true);

/** Whether what was sent may have been done all the same: no answer came, or one that says nothing about it. */
export function mayHaveArrived({ code }: ProviderError): boolean {
  return ['network', 'timeout', 'aborted', 'not_json', 'answer_unreadable'].includes(code) || /^http_5\d\d$/.test(code);
}
