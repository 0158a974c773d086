import { codeOf } from '../errors.js';
import type { Message } from './message.js';

/** What belongs to a connection, or is made anew. */
const notPassedOn = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const timeoutMs = 30_000;

export interface Forwarded {
  status: number;
  body?: Buffer;
  error?: string;
}

/** Hands a message on, byte for byte with its headers, and gives the answer back. Without one it is a 502. */
export async function forward({ headers, rawBody }: Message, url: string, stop: AbortSignal): Promise<Forwarded> {
  try {
    const kept = Object.entries(headers).filter(([name]) => !notPassedOn.has(name));
    const response = await fetch(url, {
      method: 'POST',
      headers: Object.fromEntries(kept),
      body: new Uint8Array(rawBody),
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]),
    });
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
  } catch (error) {
    const why = codeOf(error) ?? (error instanceof Error ? error.name : 'unknown');
    return { status: 502, error: `${url} did not answer (${why}).` };
  }
}
