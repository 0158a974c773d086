import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer, misbehave, stores, type Habit } from './habits.js';
import { TrackerMemory, type FakeRequest, type FakeTicket, type TrackerEvent } from './memory.js';

interface Queued {
  habit: Habit;
  /** Only for events of this type. */
  event: string | undefined;
  left: number;
}

/** A receiver of the generic webhook over real HTTP. It trusts the bytes and its own ids only, never ours. */
export class FakeTracker {
  private readonly memory: TrackerMemory;
  private readonly log: FakeRequest[] = [];
  private readonly queue: Queued[] = [];
  private habit: Habit | null = null;
  private server: Server | null = null;
  private listenedOn = 0;

  constructor(
    private readonly secret: string,
    dedupe: boolean,
  ) {
    this.memory = new TrackerMemory(dedupe);
  }

  /** Where the events are to be posted. */
  get url(): string {
    return `http://127.0.0.1:${this.listenedOn}/hooks/tickets`;
  }

  get port(): number {
    return this.listenedOn;
  }

  /** On by default, as the contract tells receivers. Off, each delivery counts: double posts show as double tickets. */
  set dedupe(on: boolean) {
    this.memory.dedupe = on;
  }

  /** The tickets in the order in which they were made. */
  tickets(): readonly FakeTicket[] {
    return this.memory.tickets;
  }

  /** A ticket's comments in the order in which they came. */
  comments(externalId: string): FakeTicket['comments'] {
    return this.memory.find(externalId)?.comments ?? [];
  }

  /** Every request, the refused ones and those answered badly included. */
  requests(): readonly FakeRequest[] {
    return this.log;
  }

  badSignatures(): number {
    return this.log.filter((request) => !request.signed).length;
  }

  /** Queues a habit for the next requests; when an event type is given, for those of that type. */
  misbehave(habit: Habit, { times = 1, event }: { times?: number; event?: string } = {}): void {
    this.queue.push({ habit, event, left: times });
  }

  /** A habit for every request that has none queued; null ends it, and what is queued. */
  always(habit: Habit | null): void {
    this.habit = habit;
    if (habit === null) this.queue.length = 0;
  }

  /** Listens, on the same port as before if there was one. */
  async up(port: number = this.listenedOn): Promise<void> {
    if (this.server) return;
    const server = createServer((request, response) => {
      // A caller that gives up is no reason for a test to fail.
      this.serve(request, response).catch(() => response.destroy());
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.listenedOn = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Stops listening and cuts every connection, as a crash would; what it stored stays. */
  async down(): Promise<void> {
    const server = this.server;
    if (!server) return;
    this.server = null;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  close(): Promise<void> {
    return this.down();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const rawBody = Buffer.concat(chunks);
    const signed =
      request.headers['x-signature'] === `sha256=${createHmac('sha256', this.secret).update(rawBody).digest('hex')}`;
    const event = parse(rawBody);
    const habit = signed && event ? this.nextHabit(event) : null;
    const outcome = habit?.kind ?? (signed && event ? 'served' : 'refused');
    this.log.push({ at: new Date(), headers: request.headers, rawBody, signed, event, outcome });
    if (!signed || !event) {
      answer(response, signed ? 400 : 401, { message: signed ? 'Not an event' : 'Bad signature' });
      return;
    }
    const served = !habit || stores(habit) ? this.memory.apply(event) : null;
    if (habit) await misbehave(habit, response, served);
    else answer(response, served?.status ?? 500, served?.body);
  }

  private nextHabit({ event }: TrackerEvent): Habit | null {
    const queued = this.queue.find((entry) => entry.event === undefined || entry.event === event);
    if (!queued) return this.habit;
    queued.left -= 1;
    if (queued.left <= 0) this.queue.splice(this.queue.indexOf(queued), 1);
    return queued.habit;
  }
}

/** Starts a tracker on 127.0.0.1, on a free port unless one is given. */
export async function startFakeTracker(options: {
  secret: string;
  port?: number;
  dedupe?: boolean;
}): Promise<FakeTracker> {
  const tracker = new FakeTracker(options.secret, options.dedupe ?? true);
  await tracker.up(options.port ?? 0);
  return tracker;
}

function parse(rawBody: Buffer): TrackerEvent | null {
  try {
    return JSON.parse(rawBody.toString('utf8')) as TrackerEvent;
  } catch {
    return null;
  }
}
