import { createHttpClient } from '../http-call.js';
import type { CreatedTicket, TicketProvider } from '../port.js';
import type { TrackerSide } from '../tracker-side.js';
import { changedSince, tracked } from './changes.js';
import { checkInstance } from './check.js';
import { createCloseCodes } from './close-codes.js';
import { closeTicket } from './close.js';
import { pushComment } from './comment.js';
import { createTicket } from './create.js';
import { journalSince } from './journal.js';
import { readNews } from './news.js';
import { createSession } from './session.js';
import type { ServiceNowSettings } from './settings.js';
import { createTableApi } from './table-api.js';
import { readTicket, sysIdOf, type Desk } from './tickets.js';

/** Twenty of the longest comments, and more than any list of tickets. */
const maxBodyBytes = 4 * 1024 * 1024;

/**
 * ServiceNow by its Table API. A ticket is known by its `correlation_id`, the link's id; a comment by its last line.
 * @throws TypeError when the base URL is none
 */
export function createServiceNowProvider(settings: ServiceNowSettings): TicketProvider {
  const { http = createHttpClient({ maxBodyBytes }), severityMap, fieldMap } = settings;
  const { lookAfterMs, createAgainAfterMs } = settings;
  const base = baseOf(settings.baseUrl);
  const api = createTableApi(base, createSession(base, settings, http), http);
  const desk: Desk = { api, base, table: settings.table ?? 'incident' };
  const codes = createCloseCodes(desk);
  const closeCode = settings.closeCode ?? null;
  const creating = { severityMap, fieldMap, lookAfterMs, createAgainAfterMs };
  /** A try that was taken for dead may still be at it: the next one gets its ticket. */
  const running = new Map<string, Promise<CreatedTicket>>();

  const tracker: TrackerSide = {
    signatureHeader: 'x-signature',
    read: (body) => readNews(body),
    changedSince: (since, { signal }) => changedSince(desk, since, signal),
    commentsSince: async (ticket, since, { signal }) =>
      journalSince(desk, await sysIdOf(desk, ticket, signal), since, signal),
    look: async (ticket, { signal }) => tracked(await readTicket(desk, ticket, signal)),
    check: ({ signal }) => checkInstance({ desk, codes, closeCode, mapped: Object.keys(fieldMap ?? {}) }, signal),
  };

  return {
    name: 'servicenow',
    tracker,
    create(draft, options) {
      const other = running.get(draft.key);
      if (other) return other;
      const mine = createTicket(desk, creating, draft, options).finally(() => running.delete(draft.key));
      running.set(draft.key, mine);
      return mine;
    },
    comment: (ticket, comment, options) =>
      pushComment(desk, settings.commentField ?? 'comments', ticket, comment, options),
    close: (ticket, { signal }) => closeTicket(desk, codes, closeCode, ticket, signal),
    dispose: () => http.close(),
  };
}

/** Without a trailing slash, credentials, query and fragment. */
function baseOf(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return origin + pathname.replace(/\/+$/, '');
}
