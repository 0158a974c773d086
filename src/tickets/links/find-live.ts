import type { TicketStore } from '../store.js';
import type { SubjectRef } from '../subject.js';
import type { LinkDoc } from './model.js';

/** The link that a subject has now; null when it has none. */
export function findLiveLink({ links }: TicketStore, orgId: string, subject: SubjectRef): Promise<LinkDoc | null> {
  return links
    .findOne({ org_id: orgId, 'subject.type': subject.type, 'subject.id': subject.id, live: true })
    .lean<LinkDoc | null>()
    .exec();
}
