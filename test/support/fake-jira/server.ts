import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Served } from '../fake-service.js';
import { answer, isDelayed, misbehave, stores, untilReleased, type Habit } from '../fake-tracker/habits.js';
import type { ListHabit } from '../fake-tracker/list-habits.js';
import { editThenTransition, foreignComment, changeComment, changeFields, moveIssue, transitionTo } from './deeds.js';
import { HookSender, type SentWebhook, type WebhookHabits } from './hooks.js';
import {
  project,
  type FakeComment,
  type FakeIssue,
  type FakeProject,
  type JiraOperation,
  type JiraRequest,
} from './memory.js';
import { operationOf, serve } from './operations.js';
import { createSite, type Site } from './site.js';
import { plain, type FakeWorkflow } from './workflow.js';

export interface FakeJiraOptions {
  /** What calls must come with: Basic where there is an e-mail, else Bearer. */
  auth?: { email?: string; apiToken: string };
  /** One, `SEC`, unless told. @see project */
  projects?: Partial<FakeProject>[];
  workflow?: FakeWorkflow;
  /** How much later than the issue itself the search knows of it, and of each change. */
  searchLagMs?: number;
  /** Whether `expand=transitions.fields` works on an issue; on its transitions it always does. */
  nestedExpand?: boolean;
  /** Most comments and issues on one page, whatever was asked for. */
  pageSize?: number;
  /** Writes to one issue: 20 in 2 s, 100 in 30 s. */
  limitWrites?: boolean;
  /** How it answers each search and each list of comments badly; null: it doesn't. */
  listHabit?: ListHabit | null;
}

export type RateLimitReason =
  'jira-quota-global-based' | 'jira-quota-tenant-based' | 'jira-burst-based' | 'jira-per-issue-on-write';

/** 429 as Jira words it. @param seconds its Retry-After */
export const rateLimited = (reason: RateLimitReason, seconds: number): Habit => ({
  kind: 'status',
  status: 429,
  headers: {
    'retry-after': String(seconds),
    'ratelimit-reason': reason,
    'x-ratelimit-limit': '350',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': new Date(Date.now() + seconds * 1000).toISOString(),
  },
  body: { errorMessages: ['Rate limit exceeded.'], errors: {} },
});

interface Queued {
  habit: Habit;
  on: JiraOperation | undefined;
  left: number;
}

/**
 * Jira Cloud over real HTTP, by the documents: it judges each request, keeps issues of its own numbering, sends signed
 * webhooks, and has every bad habit that a test switches on.
 */
export class FakeJira {
  /** Every request, the refused ones and those answered badly included. */
  readonly requests: JiraRequest[] = [];
  private readonly queue: Queued[] = [];
  private readonly hooks = new HookSender();
  private readonly site: Site;
  private server: Server | null = null;
  private port = 0;

  constructor(options: FakeJiraOptions) {
    const { projects = [{}], ...rest } = options;
    this.site = createSite({
      auth: { email: 'bot@acme.example', apiToken: 'jira-canary-token-4711' },
      workflow: plain,
      searchLagMs: 0,
      nestedExpand: true,
      pageSize: 100,
      limitWrites: false,
      listHabit: null,
      ...rest,
      projects: projects.map(project),
      send: (body) => this.hooks.send(body),
      habits: () => this.hooks.habits,
    });
  }

  /** The site's address: JIRA_BASE_URL. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What a connection to this site needs: `{baseUrl, email?, apiToken}`. */
  get credentials(): { baseUrl: string; email?: string; apiToken: string } {
    return { baseUrl: this.url, ...this.site.auth };
  }

  /** The issues in the order in which they were made, with their comments, properties and remote links. */
  get issues(): readonly FakeIssue[] {
    return this.site.issues;
  }

  /** @param name a key or an id @throws Error when there is none */
  issue(name: string): FakeIssue {
    const issue = this.site.find(name);
    if (!issue) throw new Error(`The fake Jira has no issue ${name}.`);
    return issue;
  }

  /** Everything that was ever wrong with a request by the documents, in sentences. */
  get faults(): string[] {
    return this.requests.flatMap((request) => request.faults);
  }

  /** How many requests of this kind came, whatever became of them. */
  count(operation: JiraOperation): number {
    return this.requests.filter((request) => request.operation === operation).length;
  }

  /**
   * May be changed at any time; so may `workflow`, `projects`, `nestedExpand`, `pageSize`, `limitWrites`,
   * `listHabit` and `auth`.
   */
  get settings(): Pick<
    Site,
    'searchLagMs' | 'workflow' | 'projects' | 'nestedExpand' | 'pageSize' | 'limitWrites' | 'listHabit' | 'auth'
  > {
    return this.site;
  }

  /**
   * Queues a habit for the next requests; with `on`, for those of that kind: `misbehave({kind: 'reset', store: true},
   * {on: 'create'})` makes the issue and loses the answer. @see rateLimited
   */
  misbehave(habit: Habit, { times = 1, on }: { times?: number; on?: JiraOperation } = {}): void {
    this.queue.push({ habit, on, left: times });
  }

  /** Forgets the habits that no request has met yet. */
  behave(): void {
    this.queue.length = 0;
  }

  /**
   * From now on each change sends signed webhooks there: `jira:issue_created`, `jira:issue_updated`, `comment_created`,
   * `comment_updated`; a comment sends two. Failures that may heal are sent again, five times at most, after
   * `retryDelayMs` (200).
   */
  sendWebhooksTo(target: { url: string; secret: string; retryDelayMs?: number } | null): void {
    this.hooks.target = target && { retryDelayMs: 200, ...target };
  }

  /** Switches habits of the webhooks on or off; the others stay as they are. */
  hookHabits(habits: Partial<WebhookHabits>): void {
    Object.assign(this.hooks.habits, habits);
  }

  /** Keeps webhooks back from now on. */
  holdWebhooks(): void {
    this.hooks.hold();
  }

  /** Sends those kept back one after the other, and waits for their answers. */
  releaseWebhooks(order: 'in order' | 'reversed' = 'in order'): Promise<void> {
    return this.hooks.release(order);
  }

  /** Waits until every webhook that was sent has its answer. */
  webhooksIdle(): Promise<void> {
    return this.hooks.idle();
  }

  /** The webhooks in the order in which they arose, held ones included, and how each was answered. */
  get webhooks(): readonly SentWebhook[] {
    return this.hooks.sent;
  }

  /**
   * Somebody's comment.
   * @param text a text, which becomes ADF paragraphs (or wiki text, by the habits), or ADF as it is
   */
  addForeignComment(name: string, text: unknown, { author = 'Grace Hopper' }: { author?: string } = {}): FakeComment {
    return foreignComment(this.site, this.issue(name), text, author);
  }

  /** Somebody changes a comment. */
  editComment(name: string, commentId: string, text: unknown): void {
    changeComment(this.site, this.issue(name), commentId, text);
  }

  /** Somebody moves the issue to this status, of its name, whatever the workflow allows. */
  transition(name: string, statusName: string): void {
    transitionTo(this.site, this.issue(name), statusName);
  }

  /**
   * Somebody edits and moves it in one go: of the two webhooks the first still holds the old status, and the old
   * `updated`.
   */
  editThenTransition(name: string, summary: string, statusName: string): void {
    editThenTransition(this.site, this.issue(name), summary, statusName);
  }

  /** Somebody changes fields: `{summary: '…'}`. */
  edit(name: string, fields: Record<string, unknown>): void {
    changeFields(this.site, this.issue(name), fields);
  }

  /** Somebody moves it to another project: it gets another key, and keeps its id. @returns the new key */
  move(name: string, projectKey: string): string {
    return moveIssue(this.site, this.issue(name), projectKey);
  }

  /** Somebody deletes it: 404 from now on. */
  deleteIssue(name: string): void {
    const { issues } = this.site;
    issues.splice(issues.indexOf(this.issue(name)), 1);
  }

  /** Listens, on the same port as before if there was one. */
  async up(): Promise<this> {
    if (this.server) return this;
    const server = createServer((request, response) => {
      // A caller that gives up is no reason for a test to fail.
      this.take(request, response).catch(() => response.destroy());
    });
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** Stops listening and cuts every connection; what it holds stays. */
  async down(): Promise<void> {
    const server = this.server;
    if (!server) return;
    this.server = null;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async close(): Promise<void> {
    await this.hooks.close();
    await this.down();
  }

  private async take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const rawBody = Buffer.concat(chunks);
    const { method = '', url: path = '', headers } = incoming;
    const received = { at: new Date(), method, path, headers, rawBody, json: parse(rawBody) };
    const operation = operationOf(received);
    const habit = this.nextHabit(operation);
    const served: Served | null = habit && !stores(habit) ? null : serve(this.site, operation, received);
    const status = habit && !isDelayed(habit) ? null : (served?.status ?? null);
    this.requests.push({
      ...received,
      operation,
      status,
      outcome: habit?.kind ?? 'served',
      faults: served?.faults ?? [],
    });
    if (this.hooks.habits.beforeAnswer) await this.hooks.idle();
    if (habit && isDelayed(habit)) await untilReleased(habit);
    else if (habit) return misbehave(habit, response, null);
    if (served) answer(response, served.status, served.body, served.headers);
  }

  private nextHabit(operation: JiraOperation): Habit | null {
    const queued = this.queue.find(({ on }) => on === undefined || on === operation);
    if (!queued) return null;
    queued.left -= 1;
    if (queued.left <= 0) this.queue.splice(this.queue.indexOf(queued), 1);
    return queued.habit;
  }
}

/** A Jira Cloud site on 127.0.0.1, on a free port. */
export const startFakeJira = (options: FakeJiraOptions = {}): Promise<FakeJira> => new FakeJira(options).up();

function parse(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString('utf8'));
  } catch {
    return undefined;
  }
}
