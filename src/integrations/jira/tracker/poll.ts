import { z } from 'zod';
import { boundedArray, boundedPages } from '../../bounded-pages.js';
import type { TicketName, TrackedTicket, TrackerComment } from '../../tracker-side.js';
import type { JiraClient } from '../client.js';
import { commentPages } from '../comments.js';
import { isId, isKey, issuePath } from '../names.js';
import type { FindProject } from '../project.js';
import { ourLabel } from '../settings.js';
import { statusSchema } from '../statuses.js';
import { timeOf } from '../time.js';
import { commentsOf, remoteChangeOf } from './read.js';

const issueSchema = z.object({
  id: z.string().refine(isId),
  key: z.string().refine(isKey),
  fields: z.object({
    status: statusSchema,
    updated: z.string().transform((value, context) => {
      const at = timeOf(value);
      if (at) return at;
      context.addIssue('must be a time');
      return z.NEVER;
    }),
  }),
});

const pageSchema = z.object({ issues: boundedArray(issueSchema), nextPageToken: z.string().optional() });

const fields = ['status', 'updated'];
const minuteMs = 60_000;

const tracked = ({ id, key, fields: { status, updated } }: z.infer<typeof issueSchema>): TrackedTicket => ({
  externalId: key,
  externalRef: id,
  status: remoteChangeOf(status),
  updatedAt: updated,
});

export function createPolling(jira: JiraClient, findProject: FindProject) {
  /**
   * JQL's times are whole minutes in the zone of whoever asks, so it is asked for minutes back from now, more than
   * enough, and
   * what is too old is left out by Jira's own times.
   */
  async function* changedSince(since: Date, { signal }: { signal: AbortSignal }): AsyncGenerator<TrackedTicket> {
    const project = await findProject(signal);
    const minutes = Math.max(1, Math.ceil((Date.now() - since.getTime()) / minuteMs) + 1);
    const jql = `project = "${project}" AND labels = "${ourLabel}" AND updated >= -${minutes}m ORDER BY updated ASC`;
    const pages = boundedPages<TrackedTicket, string>({
      what: 'issues that changed',
      async fetch(nextPageToken, meter) {
        const query = { jql, fields, maxResults: 100, ...(nextPageToken === undefined ? {} : { nextPageToken }) };
        const page = await jira.post('/search/jql', query, pageSchema, signal, meter);
        return { items: page.issues.map(tracked), next: page.nextPageToken ?? null };
      },
    });
    for await (const page of pages) yield* page.filter(({ updatedAt }) => updatedAt >= since);
  }

  async function commentsSince(
    ticket: TicketName,
    since: Date,
    { signal }: { signal: AbortSignal },
  ): Promise<TrackerComment[]> {
    const found: TrackerComment[] = [];
    // An old comment may have been edited just now, so all of them are read.
    for await (const page of commentPages(jira, issuePath(ticket), 'created', signal)) {
      found.push(
        ...page.flatMap((comment) => commentsOf(comment, false)).filter(({ at }) => at === null || at >= since),
      );
    }
    return found;
  }

  async function fetchTicket(ticket: TicketName, { signal }: { signal: AbortSignal }): Promise<TrackedTicket> {
    return tracked(await jira.get(issuePath(ticket), issueSchema, signal, { fields: fields.join(',') }));
  }

  return { changedSince, commentsSince, fetchTicket };
}
