import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Served, Received } from '../fake-service.js';
import { answer, isDelayed, misbehave, stores, untilReleased, type Habit } from '../fake-tracker/habits.js';
import { notAuthenticatedAnswer } from './answers.js';
import { FakeSessions, type FakeAuth } from './auth.js';
import { ServiceNowMemory, type Conditions, type FakeRecord, type JournalEntry } from './memory.js';
import { callOf, type ServiceNowCall, type ServiceNowRequest } from './requests.js';
import { RuleSender, rulePayload, type RuleTarget, type RuleWebhook } from './rule.js';
import { serveTable, type Instance } from './tables.js';

export interface FakeServiceNowOptions {
  /** Basic, `integration` with `canary-sn-password`, when left out. */
  auth?: FakeAuth;
  /** The table of tickets; `incident` when left out. */
  table?: string;
  /** The active close codes, in order. */
  closeCodes?: string[];
  /** A free one when left out. */
  port?: number;
}

interface Queued {
  habit: Habit;
  on: ServiceNowCall | undefined;
  left: number;
}

const defaultAuth: FakeAuth = { kind: 'basic', username: 'integration', password: 'canary-sn-password' };
const defaultCloseCodes = ['Duplicate', 'Known error', 'Resolved by request', 'Solved (Permanently)'];

/** A ServiceNow instance over real HTTP: Table API, OAuth, and the business rule of docs/guides/trackers/servicenow.md. */
export class FakeServiceNow {
  /** Every request, in the order of arrival, those answered badly included. */
  readonly requests: ServiceNowRequest[] = [];
  /** How the instance is set up: search lag, ACLs, data policy. */
  readonly conditions: Conditions = {
    searchLagMs: 0,
    ignoredFields: [],
    hiddenTables: [],
    unreadableFields: [],
    unwritableFields: [],
    closePolicy: true,
    listHabit: null,
  };
  private readonly sessions: FakeSessions;
  private readonly instance: Instance;
  private readonly rule = new RuleSender();
  private readonly queue: Queued[] = [];
  private server: Server | null = null;
  private listenedOn = 0;

  constructor({ auth = defaultAuth, table = 'incident', closeCodes = defaultCloseCodes }: FakeServiceNowOptions) {
    this.sessions = new FakeSessions(auth);
    const memory = new ServiceNowMemory(table);
    const changed = (record: FakeRecord) => this.fire(record);
    this.instance = { memory, conditions: this.conditions, choices: [], changed };
    this.setCloseCodes(closeCodes);
  }

  /** The instance's address, without a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${this.listenedOn}`;
  }

  /** The tickets in the order in which they were made, as they are now. */
  get records(): readonly FakeRecord[] {
    return this.instance.memory.records;
  }

  /** Everything that was ever wrong with a request, in sentences. */
  get faults(): string[] {
    return this.requests.flatMap(({ faults }) => faults);
  }

  /** What the business rule made, sent or not. */
  get webhooks(): readonly RuleWebhook[] {
    return this.rule.sent;
  }

  /** A ticket by its number or sys_id. @throws Error when there is none */
  record(idOrNumber: string): FakeRecord {
    const record = this.instance.memory.find(idOrNumber);
    if (!record) throw new Error(`The fake ServiceNow has no ${idOrNumber}.`);
    return record;
  }

  /** A ticket's comments and work notes, the oldest first. */
  journal(idOrNumber: string): JournalEntry[] {
    const { sys_id } = this.record(idOrNumber);
    return this.instance.memory.journal.filter(({ element_id }) => element_id === sys_id);
  }

  /** Queues a habit for the next requests; `on`: for those of one kind alone. */
  misbehave(habit: Habit, { times = 1, on }: { times?: number; on?: ServiceNowCall } = {}): void {
    this.queue.push({ habit, on, left: times });
  }

  /** Forgets the habits that no request has met yet. */
  behave(): void {
    this.queue.length = 0;
  }

  /** Takes other credentials from now on; those of before are refused with 401. */
  setAuth(auth: FakeAuth): void {
    this.sessions.auth = auth;
    this.sessions.revoke();
  }

  /** Ends the OAuth tokens that were given. */
  revokeTokens(): void {
    this.sessions.revoke();
  }

  /** The active close codes; an inactive one is there besides. */
  setCloseCodes(codes: string[]): void {
    const choice = (value: string, index: number, inactive: string) => ({
      ...{ sys_id: `choice${index}`, name: this.instance.memory.table, element: 'close_code', language: 'en' },
      ...{ value, label: value, inactive, sequence: String(index) },
    });
    const state = { ...choice('1', 99, 'false'), element: 'state' };
    this.instance.choices.length = 0;
    this.instance.choices.push(choice('Closed/Resolved by Caller', 0, 'true'), state);
    this.instance.choices.push(...codes.map((code, index) => choice(code, index + 1, 'false')));
  }

  /** A person of theirs changes a ticket. */
  update(idOrNumber: string, values: Record<string, string>, author = 'beth.anglin'): FakeRecord {
    const record = this.record(idOrNumber);
    if (this.instance.memory.update(record, values, author)) this.fire(record);
    return record;
  }

  setState(idOrNumber: string, state: string, author?: string): FakeRecord {
    return this.update(idOrNumber, { state }, author);
  }

  /** A person of theirs writes to the journal, also on a closed ticket. */
  addForeignComment(
    idOrNumber: string,
    text: string,
    { author = 'beth.anglin', element = 'comments' }: { author?: string; element?: JournalEntry['element'] } = {},
  ): JournalEntry {
    this.update(idOrNumber, { [element]: text }, author);
    const entry = this.journal(idOrNumber).at(-1);
    if (!entry) throw new Error('The comment was not kept.');
    return entry;
  }

  /** From now on each change of a ticket of ours is told by a signed webhook; null ends it. */
  sendWebhooksTo(target: RuleTarget | null): void {
    this.rule.target = target;
  }

  /** How often each webhook is sent; 1 unless it is set. */
  set webhookCopies(copies: number) {
    this.rule.copies = copies;
  }

  /** The next webhooks are never sent. */
  loseWebhooks(times = 1): void {
    this.rule.lose(times);
  }

  /** Keeps webhooks back until `releaseWebhooks`. */
  holdWebhooks(): void {
    this.rule.hold();
  }

  /** Sends what was kept back and waits for the answers. @param reversed the newest first */
  releaseWebhooks({ reversed = false } = {}): Promise<void> {
    return this.rule.release(reversed);
  }

  /** Sends a webhook once more, byte for byte. */
  resendWebhook(webhook: RuleWebhook): Promise<void> {
    return this.rule.again(webhook);
  }

  /** Resolves when every webhook that was to be sent is answered. */
  webhooksIdle(): Promise<void> {
    return this.rule.idle();
  }

  /** Listens, on the same port as before if there was one. */
  async up(port: number = this.listenedOn): Promise<this> {
    if (this.server) return this;
    const server = createServer((request, response) => {
      // A caller that gives up is no reason for a test to fail.
      this.serve(request, response).catch(() => response.destroy());
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.listenedOn = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** Stops listening and cuts every connection; what it stored stays. */
  async down(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = null;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async close(): Promise<void> {
    this.rule.target = null;
    await this.down();
  }

  private fire(record: FakeRecord): void {
    if (record.correlation_display === 'Drawbridge') this.rule.fire(rulePayload(this.instance.memory, record));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const rawBody = Buffer.concat(chunks);
    const { method = '', url: path = '', headers } = request;
    const received = { at: new Date(), method, path, headers, rawBody, json: parse(rawBody) };
    const call = callOf(received);
    const habit = this.nextHabit(call);
    const served = habit && !stores(habit) ? null : this.answerTo(received, call);
    this.requests.push({ ...received, call, faults: served?.faults ?? [], outcome: habit?.kind ?? 'served' });
    if (habit && isDelayed(habit)) await untilReleased(habit);
    else if (habit) {
      await misbehave(habit, response, null);
      return;
    }
    if (served) answer(response, served.status, served.body, served.headers);
  }

  private answerTo(received: Received, call: ServiceNowCall): Served {
    if (call === 'token') return this.sessions.grant(received);
    const user = this.sessions.userOf(received.headers.authorization);
    return user === null ? notAuthenticatedAnswer() : serveTable(this.instance, received, user);
  }

  private nextHabit(call: ServiceNowCall): Habit | null {
    const queued = this.queue.find(({ on }) => on === undefined || on === call);
    if (!queued) return null;
    queued.left -= 1;
    if (queued.left <= 0) this.queue.splice(this.queue.indexOf(queued), 1);
    return queued.habit;
  }
}

/** Starts an instance on 127.0.0.1. */
export function startFakeServiceNow(options: FakeServiceNowOptions = {}): Promise<FakeServiceNow> {
  return new FakeServiceNow(options).up(options.port ?? 0);
}

function parse(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString('utf8'));
  } catch {
    return undefined;
  }
}
