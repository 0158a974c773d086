import { failureOfAnswer, failureOfCall } from './failure.js';
import type { NotificationAnswer, NotificationHttp } from './port.js';

export interface Post {
  http: NotificationHttp;
  /** How errors call the other side. */
  service: string;
  url: URL;
  body: Buffer;
  headers?: Record<string, string>;
  signal: AbortSignal;
  /** What an answer that is no success means, in our own words; null when it says nothing that we know. */
  hint?: (answer: NotificationAnswer) => string | null;
}

/**
 * Posts JSON, and tells success from failure.
 * @throws NotificationError
 */
export async function postJson({ http, service, url, body, headers, signal, hint }: Post): Promise<{ status: number }> {
  let answer: NotificationAnswer;
  try {
    answer = await http.request({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Drawbridge', ...headers },
      body,
      signal,
    });
  } catch (error) {
    throw failureOfCall(service, error, signal);
  }
  const failure = failureOfAnswer(service, answer, hint?.(answer) ?? null);
  if (failure) throw failure;
  return { status: answer.status };
}

/** A value as the bytes of its JSON. */
export const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value), 'utf8');
