import type { Timings } from '../config/index.js';
import type { TicketProviders } from '../integrations/connections/ticket-providers.js';
import { createCommentService } from './comments/service.js';
import { createTicketAdmin } from './admin.js';
import type { TicketSignaler } from '../temporal/ticket-signaler.js';
import type { FindScope } from './inbound/scope.js';
import { createInboundService } from './inbound/service.js';
import { createLinkPresenter } from './links/presenter.js';
import type { Link } from './links/schema.js';
import { createLinkService } from './links/service.js';
import { createReadSyncStatus } from './sync-status.js';
import type { TicketStore } from './store.js';
import type { SubjectSources, SubjectType } from './subject.js';

export interface TicketsOptions {
  store: TicketStore;
  providers: TicketProviders;
  subjects: SubjectSources;
  signaler: TicketSignaler;
  /** Of the environment's inbound webhook. */
  webhookSecret: string | undefined;
  /** Connections, and the environment's trackers with dialects of their own. */
  findScope: FindScope;
  temporal: { namespace: string; uiUrl: string | undefined };
  timings: Pick<Timings, 'sweep'>;
}

/** Ticket Sync for callers: links and comments of each kind of subject, and the trackers' webhooks. */
export function createTickets(options: TicketsOptions) {
  const links = createLinkService(options);
  const comments = createCommentService({ ...options, links });
  const inbound = createInboundService({ ...options, secret: options.webhookSecret });
  const present = createLinkPresenter(options.temporal);
  const syncStatusOf = createReadSyncStatus({ ...options, links, present });
  return {
    links,
    comments,
    inbound,
    present,
    admin: createTicketAdmin({ store: options.store, links, comments, syncStatusOf }),
    /** The links of these subjects as they are presented. */
    async ticketOf(type: SubjectType, orgId: string, ids: string[]): Promise<Map<string, Link>> {
      const found = await links.ofSubjects(orgId, type, ids);
      return new Map([...found].map(([id, link]) => [id, present(link)]));
    },
  };
}
