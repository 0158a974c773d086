import type { Timings } from '../../src/config/index.js';
import type { TicketProviders } from '../../src/integrations/connections/ticket-providers.js';
import type { Logger } from '../../src/observability/logger.js';
import type { LifecycleMetrics } from '../../src/observability/metrics/lifecycle-metrics.js';
import type { CallOptions, TicketProvider, TicketRef } from '../../src/integrations/port.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import type { TicketStore } from '../../src/tickets/store.js';
import type { SubjectSources } from '../../src/tickets/subject.js';
import { ProviderError } from '../../src/lib/provider-errors.js';

/** A point where a fault test can kill the process. Production never uses it. */
export type FaultPoint = 'before_provider' | 'after_provider' | 'before_settle' | 'after_settle';

export interface TicketActivityDeps {
  store: TicketStore;
  providers: TicketProviders;
  subjects: SubjectSources;
  timings: Pick<Timings, 'activities' | 'retries' | 'sweep' | 'tickets'>;
  /** Logs unexpected errors in full; Temporal gets their class only. */
  logger: Logger;
  /** Absent: no metrics. */
  metrics?: Pick<LifecycleMetrics, 'commandSettled'> | undefined;
  /** Shows on the ticket's workflow since when its tracker hasn't answered. Never throws. */
  showUnreachable?: (link: LinkDoc, since: Date) => void;
  /** Set by fault tests only. */
  atPoint?: (point: FaultPoint, link: LinkDoc) => Promise<void> | void;
}

/** One attempt at draining one link. */
export interface Try extends TicketActivityDeps {
  signal: AbortSignal;
  /** Temporal's attempt number of this activity, from 1. */
  attempt: number;
}

/**
 * Returns the link's provider. Missing credentials are a transient error, because they may be set again. A deleted
 * connection is permanent.
 */
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
  // A former workflow may have sent this command. A look-up costs less than a second ticket.
  const old = Date.now() - acceptedAt.getTime() > run.timings.tickets.lookUpAfterMs;
  return { signal: run.signal, repeated: run.attempt > 1 || link.tries > 0 || old };
}
