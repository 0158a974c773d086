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
import { readRemoteChange } from './remote-change.js';
import { createSession } from './session.js';
import type { ServiceNowSettings } from './settings.js';
import { createTableApi } from './table-api.js';
import { readTicket, sysIdOf, type TicketContext } from './tickets.js';
import { withoutTrailingSlashes } from '../../lib/text.js';

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
  const context: TicketContext = { api, base, table: settings.table ?? 'incident' };
  const codes = createCloseCodes(context);
  const closeCode = settings.closeCode ?? null;
  const creating = { severityMap, fieldMap, lookAfterMs, createAgainAfterMs };
  /** A try that was taken for dead may still be at it: the next one gets its ticket. */
  const running = new Map<string, Promise<CreatedTicket>>();

  const tracker: TrackerSide = {
    signatureHeader: 'x-signature',
    read: (body) => readRemoteChange(body),
    changedSince: (since, { signal }) => changedSince(context, since, signal),
    commentsSince: async (ticket, since, { signal }) =>
      journalSince(context, await sysIdOf(context, ticket, signal), since, signal),
    fetchTicket: async (ticket, { signal }) => tracked(await readTicket(context, ticket, signal)),
    check: ({ signal }) => checkInstance({ context, codes, closeCode, mapped: Object.keys(fieldMap ?? {}) }, signal),
  };

  return {
    name: 'servicenow',
    tracker,
    create(draft, options) {
      const other = running.get(draft.key);
      if (other) return other;
      const mine = createTicket(context, creating, draft, options).finally(() => running.delete(draft.key));
      running.set(draft.key, mine);
      return mine;
    },
    comment: (ticket, comment, options) =>
      pushComment(context, settings.commentField ?? 'comments', ticket, comment, options),
    close: (ticket, { signal }) => closeTicket(context, codes, closeCode, ticket, signal),
    dispose: () => http.close(),
  };
}

/** Without a trailing slash, credentials, query and fragment. */
function baseOf(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return origin + withoutTrailingSlashes(pathname);
}
