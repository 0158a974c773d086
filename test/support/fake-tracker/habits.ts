import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { Served } from './memory.js';

/** A bad habit of a tracker. `store`: whether it does what it was asked before it misbehaves. */
export type Habit =
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown; store?: boolean }
  /** A page in place of an answer, as a hibernating instance sends it. */
  | { kind: 'html'; store?: boolean }
  /** Never answers, until the caller goes. */
  | { kind: 'hang'; store?: boolean }
  /** Headers and the beginning of a body, then silence. */
  | { kind: 'stall_mid_body'; store?: boolean }
  /** Cuts the connection. With `store` the answer is lost after the deed. */
  | { kind: 'reset'; store?: boolean }
  | { kind: 'reset_mid_body'; store?: boolean }
  /** As always, only later. */
  | { kind: 'delay'; ms: number }
  /** As always, once `until` resolves; see `held()`. */
  | { kind: 'hold'; until: Promise<void> }
  | { kind: 'redirect'; location: string; status?: 301 | 302 | 303 | 307 | 308 }
  /** 200 with JSON of this many bytes. */
  | { kind: 'huge'; bytes: number; store?: boolean }
  /** 200 with gzip, asked for or not, which is this many bytes when it is unpacked. */
  | { kind: 'gzip_bomb'; bytes: number; store?: boolean }
  /** Stores, and answers with this in place of its own words: JSON, or a text as it is. */
  | { kind: 'answer'; body: unknown; status?: number; contentType?: string };

/** A habit that answers as always, but only after `release()`: unlike a delay, it can't end too early on a busy machine. */
export function held(): { habit: Habit; release: () => void } {
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { habit: { kind: 'hold', until }, release };
}

type DelayedHabit = Extract<Habit, { kind: 'delay' | 'hold' }>;

/** Whether the answer is as always, only later. */
export const isDelayed = (habit: Habit): habit is DelayedHabit => habit.kind === 'delay' || habit.kind === 'hold';

/** Waits until the answer may be sent. */
export const untilReleased = (habit: DelayedHabit): Promise<void> =>
  habit.kind === 'delay' ? sleep(habit.ms) : habit.until;

const json = { 'content-type': 'application/json' };
const html = { 'content-type': 'text/html' };

/** Whether the tracker does what it was asked, whatever it answers then. */
export const stores = (habit: Habit): boolean =>
  isDelayed(habit) || habit.kind === 'answer' || ('store' in habit && habit.store === true);

/** Answers by the habit. @param served what the tracker did, null when it did nothing */
export async function misbehave(habit: Habit, response: ServerResponse, served: Served | null): Promise<void> {
  switch (habit.kind) {
    case 'status':
      answer(response, habit.status, habit.body ?? { message: `Fake ${habit.status}` }, habit.headers);
      break;
    case 'html':
      answer(response, 200, '<!DOCTYPE html><html><body>Hibernating</body></html>', html);
      break;
    case 'hang':
      break;
    case 'stall_mid_body':
      response.writeHead(200, json).write('{"external_id":');
      break;
    case 'reset':
      response.socket?.resetAndDestroy();
      break;
    case 'reset_mid_body':
      response.writeHead(201, { ...json, 'content-length': '500' }).write('{"external_id":"TRK-');
      setTimeout(() => response.socket?.resetAndDestroy(), 20);
      break;
    case 'delay':
    case 'hold':
      await untilReleased(habit);
      answer(response, served?.status ?? 200, served?.body ?? {});
      break;
    case 'redirect':
      answer(response, habit.status ?? 302, '', { location: habit.location });
      break;
    case 'huge':
      answer(response, 200, { external_id: 'HUGE-1', padding: 'x'.repeat(habit.bytes) });
      break;
    case 'gzip_bomb':
      await bomb(response, habit.bytes);
      break;
    case 'answer':
      answer(response, habit.status ?? 200, habit.body, habit.contentType ? { 'content-type': habit.contentType } : {});
      break;
  }
}

/** Sends an answer: a text as it is, everything else as JSON. */
export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { ...json, ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function bomb(response: ServerResponse, bytes: number): Promise<void> {
  response.writeHead(200, { ...json, 'content-encoding': 'gzip' });
  await pipeline(Readable.from(padded(bytes)), createGzip(), response);
}

function* padded(bytes: number): Generator<Buffer> {
  yield Buffer.from('{"external_id":"PACKED-1","padding":"');
  const block = Buffer.alloc(64 * 1024, 'x');
  for (let sent = 0; sent < bytes; sent += block.length) yield block;
  yield Buffer.from('"}');
}
