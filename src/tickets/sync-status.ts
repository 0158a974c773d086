import type { Timings } from '../config/index.js';
import type { ChosenProvider, TicketProviders } from '../integrations/connections/ticket-providers.js';
import type { ResolvedProvider } from '../integrations/registry.js';
import type { LinkDoc } from './links/model.js';
import { draftLink } from './links/open-link.js';
import type { LinkPresenter } from './links/presenter.js';
import type { Link } from './links/schema.js';
import type { LinkService } from './links/service.js';
import type { SubjectRef, SubjectSources } from './subject.js';

/** How a subject stands with its tracker, for people: the link, and what its answer has no room for. */
export interface SyncStatus {
  /** Null: it has none. */
  link: Link | null;
  /** Where its ticket is, or would be opened. */
  tracker: ChosenProvider;
  /** Why this tracker cannot be asked, and the keys that are missing; null when it can. */
  gate: { detail: string; missing: string[] } | null;
  /** What the tracker is still to take, or has refused; null when it has all. */
  due: 'ticket' | 'closing' | 'comment' | null;
  /** Failed tries of that. */
  tries: number;
  /** Until then the tracker is left alone; null when nobody here knows of such a time. */
  nextTryAt: Date | null;
}

export interface SyncStatusDeps {
  links: Pick<LinkService, 'findLive'>;
  subjects: SubjectSources;
  providers: TicketProviders;
  present: LinkPresenter;
  timings: Pick<Timings, 'sweep'>;
}

/** @returns null when there is no such subject */
export type ReadSyncStatus = (orgId: string, subject: SubjectRef) => Promise<SyncStatus | null>;

export function createReadSyncStatus(deps: SyncStatusDeps): ReadSyncStatus {
  const { links, providers, present } = deps;

  /** What the next try is for: after a refusal a create goes where the org's tickets go by now. */
  async function targetOf(orgId: string, subject: SubjectRef, link: LinkDoc | null): Promise<LinkDoc | null> {
    if (link && link.create_status !== 'failed') return link;
    return draftLink(deps, { orgId, subject, id: '' });
  }

  return async (orgId, subject) => {
    const link = await links.findLive(orgId, subject);
    const target = await targetOf(orgId, subject, link);
    if (!target) return null;
    const { provider, connection_id: connectionId } = link ?? target;
    return {
      link: link && present(link),
      tracker: { provider, connectionId },
      gate: gateOf(await providers.of(target)),
      due: link && dueOf(link),
      tries: link?.tries ?? 0,
      nextTryAt: link?.sync_state === 'pending' ? link.next_try_at : null,
    };
  };
}

function gateOf(resolved: ResolvedProvider): SyncStatus['gate'] {
  if (resolved.status === 'ready') return null;
  return { detail: resolved.detail, missing: resolved.status === 'not_configured' ? resolved.missing : [] };
}

function dueOf(link: LinkDoc): SyncStatus['due'] {
  if (link.create_status !== 'applied') return 'ticket';
  if (link.state === 'closed' && !link.close_applied) return 'closing';
  return link.sync_state === 'synced' ? null : 'comment';
}
