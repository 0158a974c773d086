import { randomBytes } from 'node:crypto';
import { defaultTimings } from '../../src/config/timings.js';
import type { TicketProviders } from '../../src/integrations/connections/ticket-providers.js';
import { ensureIndexes } from '../../src/db/indexes.js';
import { drainLink } from '../../activities/tickets/drain.js';
import type { FaultPoint } from '../../activities/tickets/context.js';
import { createLogger } from '../../src/observability/logger.js';
import { ProviderError } from '../../src/lib/provider-errors.js';
import type { CallOptions, ProviderName, TicketProvider } from '../../src/integrations/port.js';
import type { ResolvedProvider } from '../../src/integrations/registry.js';
import { appendCommand } from '../../src/tickets/commands/append.js';
import type { CommandDoc, CommandPayload } from '../../src/tickets/commands/model.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { newLink } from '../../src/tickets/links/new-link.js';
import type { SubjectSnapshot, SubjectSource } from '../../src/tickets/subject.js';
import { openTestDatabase } from '../support/mongo.js';
import type { DrainResult } from '../../workflows/contracts/ticket.js';

export interface Call {
  what: 'create' | 'comment' | 'close';
  key: string;
  repeated: boolean;
}

/** As a process that dies at a named point. */
export class Crash extends Error {}

/** A tracker in memory, which says what it was asked and fails as it is told to. */
export function scriptedTracker() {
  const calls: Call[] = [];
  const failures: ProviderError[] = [];
  const ids: string[] = [];
  const answer = <T>(what: Call['what'], key: string, { repeated }: CallOptions, value: T): Promise<T> => {
    calls.push({ what, key, repeated });
    const failure = failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve(value);
  };
  const provider: TicketProvider = {
    name: 'mock',
    create: (draft, options) =>
      answer('create', draft.key, options, {
        externalId: ids.shift() ?? `T-${draft.key}`,
        externalUrl: 'https://tracker.example/t',
        externalStatus: 'open',
      }),
    comment: (_ticket, comment, options) =>
      answer('comment', comment.key, options, {
        externalCommentId: `C-${comment.key}`,
        echo: { externalCommentId: `E-${comment.key}`, author: 'Tracker', body: `Got: ${comment.body}` },
      }),
    close: (_ticket, options) => answer('close', options.key, options, { externalStatus: 'done' }),
  };
  return {
    provider,
    calls,
    /** Fails the next calls, one each. */
    failWith: (...next: ProviderError[]) => void failures.push(...next),
    /** The ids of the next tickets. */
    nextIds: (...next: string[]) => void ids.push(...next),
  };
}

export const down = (retryAfterMs: number | null = null) =>
  new ProviderError('http_503', 'The tracker said: down for repair', true, retryAfterMs);
export const refusal = () => new ProviderError('http_400', 'The tracker said: no such project', false);

const draft: SubjectSnapshot = {
  title: 'T',
  description: 'D',
  url: 'https://x.example/',
  severity: null,
  mappedSeverity: null,
  connectionId: null,
  metadata: {} as SubjectSnapshot['metadata'],
};

/** Knows one provider, under every name. */
export const registryOf = (resolved: ResolvedProvider): TicketProviders => ({
  choose: () => Promise.resolve({ provider: 'mock', connectionId: null }),
  connectionExists: () => Promise.resolve(true),
  of: () => Promise.resolve(resolved),
  ofScope: () => Promise.resolve(null),
  close: () => Promise.resolve(),
});

/** A subject that is whatever it is asked for, and keeps what a tracker says in `applied`. */
export const anySubject = (applied: { id: string; status: string }[] = []): SubjectSource => ({
  label: 'evidence request',
  statuses: null,
  exists: () => Promise.resolve(true),
  snapshot: (_org, id) => Promise.resolve({ ...draft, title: `About ${id}` }),
  applyStatus: (_org, id, status) => Promise.resolve(void applied.push({ id, status })),
});

/** `lookUpAfterMs` is long, so that a slow test does not make commands old enough to be looked up at the tracker. */
const timings = { ...defaultTimings, tickets: { ...defaultTimings.tickets, lookUpAfterMs: 30_000 } };

export type Drains = Awaited<ReturnType<typeof openDrains>>;

/** Links in a real MongoDB, and the drain as the activity runs it. */
export async function openDrains() {
  const { connection, models, close } = await openTestDatabase();
  const { tickets: store, polls } = models;
  const applied: { id: string; status: string }[] = [];
  const subject = anySubject(applied);
  await ensureIndexes(connection);

  return {
    store,
    polls,
    close,
    /** What reached the subjects. */
    applied,
    async link(change: Partial<LinkDoc> = {}): Promise<LinkDoc> {
      const id = `tkt_${randomBytes(6).toString('hex')}`;
      const fresh = newLink({
        id,
        orgId: 'acme',
        subject: { type: 'evidence_request', id: `er_${id}` },
        provider: 'mock' satisfies ProviderName,
        draft,
        sweepAfterMs: defaultTimings.sweep.graceMs,
      });
      const link = { ...fresh, ...change };
      await store.links.create([link]);
      return link;
    },
    append: (link: LinkDoc, payload: CommandPayload, eventId: string | null = null) =>
      appendCommand(store.commands, link, { payload, eventId }),
    /** One try of the activity. @param crashAt where its process dies, the nth time it gets there */
    drain(
      link: LinkDoc,
      tracker: ReturnType<typeof scriptedTracker>,
      options: {
        attempt?: number;
        crashAt?: FaultPoint;
        crashAtCall?: number;
        signal?: AbortSignal;
        providers?: TicketProviders;
      } = {},
    ): Promise<DrainResult> {
      let left = options.crashAtCall ?? 1;
      return drainLink(
        {
          store,
          providers: options.providers ?? registryOf({ status: 'ready', provider: tracker.provider }),
          subjects: { evidence_request: subject, escalation: subject },
          logger: createLogger('silent'),
          timings,
          signal: options.signal ?? new AbortController().signal,
          attempt: options.attempt ?? 1,
          atPoint: (point) => {
            if (point === options.crashAt && --left === 0) throw new Crash(point);
          },
        },
        link._id,
      );
    },
    async reload(link: LinkDoc): Promise<LinkDoc> {
      return store.links.findById(link._id).orFail().lean<LinkDoc>();
    },
    commands: (link: LinkDoc) => store.commands.find({ link_id: link._id }).sort({ seq: 1 }).lean<CommandDoc[]>(),
    /** The thread's texts and states, in its order. */
    async thread(link: LinkDoc): Promise<string[]> {
      const comments = await store.comments.find({ link_id: link._id }).sort({ at: 1, seq: 1, sub: 1 }).lean();
      return comments.map(({ body, sync_state }) => `${body} (${sync_state ?? 'not pushed'})`);
    },
  };
}

export const comment = (id: string, body = id): CommandPayload => ({
  kind: 'comment',
  comment_id: `cmt_${id}`,
  author: 'Ann',
  body,
});

export const inbound = (
  what: { comment?: string; as?: string; status?: string; at?: Date } = {},
): Extract<CommandPayload, { kind: 'inbound' }> => ({
  kind: 'inbound',
  comment:
    what.comment === undefined
      ? null
      : {
          id: `cmt_${randomBytes(6).toString('hex')}`,
          external_comment_id: what.as ?? what.comment,
          author: 'Bob',
          body: what.comment,
        },
  status: what.status ?? null,
  occurred_at: what.at ?? null,
});
