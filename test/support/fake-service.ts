import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer, isDelayed, misbehave, stores, untilReleased, type Habit } from './fake-tracker/habits.js';

export interface Received {
  at: Date;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  rawBody: Buffer;
  /** Undefined when the body is no JSON. */
  json: unknown;
}

/** What a service makes of a request. */
export interface Served {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
  /** What is wrong with it by the documents, in sentences; also where the real one would let it pass. */
  faults: string[];
}

/** Another company's service over real HTTP: judges each request, and misbehaves when asked to. */
export class FakeService {
  readonly requests: (Received & { faults: string[]; outcome: string })[] = [];
  private readonly queue: Habit[] = [];
  private readonly server = createServer((request, response) => {
    this.serve(request, response).catch(() => response.destroy());
  });

  constructor(private readonly answerTo: (received: Received) => Served) {}

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Everything that was ever wrong. */
  get faults(): string[] {
    return this.requests.flatMap((request) => request.faults);
  }

  /** Queues a habit for the next requests. */
  misbehave(habit: Habit, times = 1): void {
    for (let time = 0; time < times; time++) this.queue.push(habit);
  }

  /** Forgets the habits that no request has met yet. */
  behave(): void {
    this.queue.length = 0;
  }

  async up(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const rawBody = Buffer.concat(chunks);
    const { method = '', url: path = '', headers } = request;
    const received = { at: new Date(), method, path, headers, rawBody, json: parse(rawBody) };
    const habit = this.queue.shift();
    const served = habit && !stores(habit) ? null : this.answerTo(received);
    this.requests.push({ ...received, faults: served?.faults ?? [], outcome: habit?.kind ?? 'served' });
    if (habit && isDelayed(habit)) await untilReleased(habit);
    else if (habit) {
      await misbehave(habit, response, null);
      return;
    }
    if (served) answer(response, served.status, served.body, served.headers);
  }
}

function parse(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString('utf8'));
  } catch {
    return undefined;
  }
}

type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Every text in a value, wherever it stands. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
