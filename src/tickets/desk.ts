import { readCursor } from './comments/thread.js';
import { readTold, type ToldThread } from './comments/told.js';
import type { CommentService } from './comments/service.js';
import type { LinkService } from './links/service.js';
import type { OutlookOf } from './outlook.js';
import type { TicketStore } from './store.js';
import type { SubjectRef } from './subject.js';

/** What people do with a subject's ticket, and what they see of it. The calls are the API's, with its errors. */
export interface TicketDesk {
  links: Pick<LinkService, 'create' | 'close' | 'unlink'>;
  comments: Pick<CommentService, 'add'>;
  outlookOf: OutlookOf;
  /** The end of a thread, or what stands before a cursor; oldest first. @throws Problem 422 for what is no cursor */
  threadOf: (orgId: string, subject: SubjectRef, before: string | undefined) => Promise<ToldThread>;
}

/** A page that holds no more stays under 100 KB. */
const most = { comments: 30, bytes: 48_000 };

export function createTicketDesk(deps: {
  store: TicketStore;
  links: LinkService;
  comments: CommentService;
  outlookOf: OutlookOf;
}): TicketDesk {
  const { store, links, comments, outlookOf } = deps;
  return {
    links,
    comments,
    outlookOf,
    threadOf: (orgId, subject, before) => readTold(store, { orgId, subject, before: readCursor(before) }, most),
  };
}
