import { readCursor } from './comments/thread.js';
import { readThreadPage, type ThreadPage } from './comments/thread-page.js';
import type { CommentService } from './comments/service.js';
import type { LinkService } from './links/service.js';
import type { ReadSyncStatus } from './sync-status.js';
import type { TicketStore } from './store.js';
import type { SubjectRef } from './subject.js';

/** What people do with a subject's ticket, and what they see of it. The calls are the API's, with its errors. */
export interface TicketAdmin {
  links: Pick<LinkService, 'create' | 'close' | 'unlink'>;
  comments: Pick<CommentService, 'add'>;
  syncStatusOf: ReadSyncStatus;
  /** The end of a thread, or what stands before a cursor; oldest first. @throws Problem 422 for what is no cursor */
  threadOf: (orgId: string, subject: SubjectRef, before: string | undefined) => Promise<ThreadPage>;
}

/** A page that holds no more stays under 100 KB. */
const max = { comments: 30, bytes: 48_000 };

export function createTicketAdmin(deps: {
  store: TicketStore;
  links: LinkService;
  comments: CommentService;
  syncStatusOf: ReadSyncStatus;
}): TicketAdmin {
  const { store, links, comments, syncStatusOf } = deps;
  return {
    links,
    comments,
    syncStatusOf,
    threadOf: (orgId, subject, before) => readThreadPage(store, { orgId, subject, before: readCursor(before) }, max),
  };
}
