import type { Timings } from '../../src/config/index.js';
import type { TicketProviders } from '../../src/integrations/connections/ticket-providers.js';
import type { Logger } from '../../src/observability/logger.js';
import type { LifecycleMetrics } from '../../src/observability/metrics/lifecycle-metrics.js';
import type { CallOptions, TicketProvider, TicketRef } from '../../src/integrations/port.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import type { TicketStore } from '../../src/tickets/store.js';
import type { SubjectSources } from '../../src/tickets/subject.js';
import { ProviderError } from '../../src/lib/provider-errors.js';

/** A point in an activity where a test can make its process die; nothing in production listens. */
export type FaultPoint = 'before_provider' | 'after_provider' | 'before_settle' | 'after_settle';

export interface TicketActivityDeps {
  store: TicketStore;
  providers: TicketProviders;
  subjects: SubjectSources;
  timings: Pick<Timings, 'activities' | 'retries' | 'sweep' | 'tickets'>;
  /** Gets what Temporal is not told: where an unexpected error happened. */
  logger: Logger;
  /** Absent: nothing is counted. */
  metrics?: Pick<LifecycleMetrics, 'commandSettled'> | undefined;
  /** Only the fault tests give one. */
  atPoint?: (point: FaultPoint, link: LinkDoc) => Promise<void> | void;
}

/** One try at draining one link. */
export interface Try extends TicketActivityDeps {
  signal: AbortSignal;
  /** Temporal's count of tries of this activity, from 1. */
  attempt: number;
}

/** A provider that lost its keys is no answer of a tracker; it heals when they are set again. A deleted connection stays deleted. */
export async function providerOf(deps: TicketActivityDeps, link: LinkDoc): Promise<TicketProvider> {
  const resolved = await deps.providers.of(link);
  if (resolved.status === 'ready') return resolved.provider;
  if (resolved.status === 'gone') throw new ProviderError('connection_gone', resolved.detail, false);
  throw new ProviderError('not_configured', resolved.detail, true);
}

export function ticketRef(link: LinkDoc, externalId: string, occurredAt: Date): TicketRef {
  return { ...draftOf(link), occurredAt, externalId, externalRef: link.external_ref };
}

export function draftOf(link: LinkDoc) {
  const { title, description, url, mappedSeverity, metadata } = link.draft;
  return {
    key: link._id,
    orgId: link.org_id,
    linkId: link._id,
    title,
    description,
    url,
    severity: mappedSeverity,
    metadata,
    occurredAt: link.created_at,
  };
}

export function callOptions(run: Try, link: LinkDoc, acceptedAt: Date): CallOptions {
  // A workflow that is gone may have tried it: a look-up costs less than a second ticket.
  const old = Date.now() - acceptedAt.getTime() > run.timings.tickets.lookUpAfterMs;
  return { signal: run.signal, repeated: run.attempt > 1 || link.tries > 0 || old };
}
