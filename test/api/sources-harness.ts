import { randomBytes } from 'node:crypto';
import type { EscalationWakeTarget } from '../../src/temporal/escalation-signaler.js';
import type { EscalationDoc } from '../../src/escalations/model.js';
import { defaultRouting, type Routing } from '../../src/escalations/routing/routing.js';
import { createEscalationService, type EscalationService } from '../../src/escalations/service.js';
import type { EscalationStore } from '../../src/escalations/store.js';
import type { EventDoc } from '../../src/events/model.js';
import { createSignatureFailures } from '../../src/http/signature-failures.js';
import { signBody } from '../../src/lib/signature.js';
import { sourceInboundRoute } from '../../src/escalations/sources/inbound/routes.js';
import { createSourceInbound } from '../../src/escalations/sources/inbound/service.js';
import { sourceRoutes } from '../../src/escalations/sources/routes.js';
import { createSourceService } from '../../src/escalations/sources/service.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { createTestEvents } from '../support/events.js';
import type { Api, ApiAnswer, ApiHeaders } from '../support/http.js';

export const routing: Routing = {
  ...defaultRouting,
  severity_map: { critical: 'Highest' },
  sla: { critical: { acknowledge_minutes: 5, resolve_minutes: 60 } },
};

export interface SourcesApp extends TestApp {
  /** Its `settings` hold the policies of all orgs. */
  events: ReturnType<typeof createTestEvents>;
  store: EscalationStore;
  service: EscalationService;
  wakes: EscalationWakeTarget[];
  /** Runs between the check of a signature and the raising, while it is set. */
  hooks: { beforeRaise?: (() => Promise<unknown>) | undefined };
}

/** Sources over real HTTP, with real stores of escalations and events; what is woken is only written down. */
export async function startSourcesApp(options: { rateLimitPerSecond?: number } = {}): Promise<SourcesApp> {
  const wakes: EscalationWakeTarget[] = [];
  const hooks: SourcesApp['hooks'] = {};
  const parts: Partial<Pick<SourcesApp, 'events' | 'store' | 'service'>> = {};
  const app = await startTestApp({
    ...options,
    routes: ({ models, audit, cipher }) => {
      const events = createTestEvents(models);
      const store = events.escalationStore;
      const signaler = { wake: (one: EscalationWakeTarget) => Promise.resolve(wakes.push(one) > 0) };
      const service = createEscalationService({ store, routingOf: () => Promise.resolve(routing), signaler });
      Object.assign(parts, { events, store, service });
      const { sources } = models;
      const inbound = createSourceInbound({
        sources,
        cipher,
        escalationService: {
          raise: async (...raising) => {
            await hooks.beforeRaise?.();
            return service.raise(...raising);
          },
        },
        escalations: store,
        signaler,
        ingest: events.ingest,
      });
      return [
        ...sourceRoutes({
          sourceService: createSourceService({ sources, escalations: store, cipher, audit }),
          publicUrl: 'http://drawbridge.test',
        }),
        sourceInboundRoute(inbound, createSignatureFailures(options.rateLimitPerSecond ?? 0)),
      ];
    },
  });
  return Object.assign(app, parts as Required<typeof parts>, { wakes, hooks });
}

export interface TestSource {
  org: string;
  key: Api;
  id: string;
  name: string;
  secret: string;
  /** Below `/api/v1`. */
  inbound: string;
  /** Signs and sends; a text or bytes as they are. */
  send: (body: unknown, headers?: ApiHeaders) => Promise<ApiAnswer>;
  /** The escalations of its org, the first one first. */
  escalations: () => Promise<EscalationDoc[]>;
  /** The events of its org, the first one first. */
  events: () => Promise<EventDoc[]>;
}

export async function makeSource(app: SourcesApp, inOrg?: string): Promise<TestSource> {
  const org = inOrg ?? (await app.newOrg());
  const key = await app.keyOf(org, ['configure']);
  const name = 'Their queue';
  const secret = randomBytes(16).toString('hex');
  const made = await key.post(`/orgs/${org}/sources`, { name, secret });
  const id = made.body.id as string;
  const inbound = `/webhooks/sources/${id}`;
  return {
    org,
    key,
    id,
    name,
    secret,
    inbound,
    send: (body, headers) => {
      const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
      return app.anonymous.post(inbound, raw, { 'X-Keeptrusts-Signature': signBody(raw, secret), ...headers });
    },
    escalations: () => app.events.raised(org),
    events: () => app.events.events.find({ org_id: org }).sort({ _id: 1 }).lean<EventDoc[]>().exec(),
  };
}

export const createdEvent = (data: object = {}, more: object = {}) => ({
  id: 'evt_created',
  type: 'escalation.created',
  timestamp: '2026-01-01T00:00:00.000Z',
  org_id: 'theirs',
  data: { source_id: 'case-1', title: 'Customer data left the region', severity: 'critical', ...data },
  ...more,
});

export const resolvedEvent = (data: object = {}, more: object = {}) => ({
  id: 'evt_resolved',
  type: 'escalation.resolved',
  data: { source_id: 'case-1', resolution: 'denied', ...data },
  ...more,
});

export const applied = (escalation: boolean, event = false) => ({ success: true, applied: { escalation, event } });

/** The paths that a 422 names. */
export const pathsOf = (answer: ApiAnswer) => (answer.body.errors as { path: string }[]).map(({ path }) => path);
