import { z } from 'zod';
import { aborted, mayHaveArrived, ProviderError } from '../../lib/provider-errors.js';
import { boundedArray, boundedPages } from '../bounded-pages.js';
import { searchAgain } from '../search-again.js';
import type { CreatedTicket, CreateOptions, TicketDraft } from '../port.js';
import { FieldsRefused, type JiraClient } from './client.js';
import { issueFields, priorityOf } from './issue-fields.js';
import { browseUrl, isId, isKey, linkLabel } from './names.js';
import type { FindProject } from './project.js';
import { linkToReview } from './remote-link.js';
import { ourProperty, type JiraSettings } from './settings.js';

const createdSchema = z.object({ id: z.string().refine(isId), key: z.string().refine(isKey) });
type Issue = z.infer<typeof createdSchema>;

const markSchema = z.object({ link_id: z.string() });
const foundSchema = z.object({
  issues: boundedArray(createdSchema.extend({ properties: z.record(z.string(), z.unknown()).optional() })),
  nextPageToken: z.string().optional(),
});
const propertySchema = z.object({ value: z.unknown().optional() });

/** How long a priority of ours that a project refused is not tried again. */
const priorityRestMs = 10 * 60_000;

/**
 * Makes the issue of a link, exactly one: Jira knows no key of a create, so one that may have arrived is looked for
 * by its
 * label, while the search may lag.
 */
export function createCreate(jira: JiraClient, findProject: FindProject, baseUrl: URL, settings: JiraSettings) {
  const { issueType = 'Task', fieldMap, severityMap, lookAfterMs, createAgainAfterMs } = settings;
  const underWay = new Map<string, Promise<CreatedTicket>>();
  let noGuessBefore = 0;

  /** The link's issue, the oldest where there are several; null while the search knows none. */
  async function search({ linkId }: TicketDraft, signal: AbortSignal): Promise<Issue | null> {
    const jql = `labels = "${linkLabel(linkId)}" ORDER BY created ASC`;
    const pages = boundedPages<z.infer<typeof foundSchema>['issues'][number], string>({
      what: 'issues with the label of a ticket',
      bounds: { pages: 10, items: 500 },
      async fetch(nextPageToken, meter) {
        const page = { maxResults: 20, ...(nextPageToken === undefined ? {} : { nextPageToken }) };
        const query = { jql, fields: ['status'], properties: [ourProperty], ...page };
        const found = await jira.post('/search/jql', query, foundSchema, signal, meter);
        return { items: found.issues, next: found.nextPageToken ?? null };
      },
    });
    for await (const issues of pages) {
      for (const issue of issues) {
        const mark = issue.properties?.[ourProperty] ?? (await propertyOf(issue.id, signal));
        // A copy of an issue has its labels, and not its properties.
        if (markSchema.safeParse(mark).data?.link_id === linkId) return issue;
      }
    }
    return null;
  }

  async function propertyOf(id: string, signal: AbortSignal): Promise<unknown> {
    try {
      const { value } = await jira.get(`/issue/${id}/properties/${ourProperty}`, propertySchema, signal);
      return value;
    } catch (error) {
      if (error instanceof ProviderError && error.code === 'http_404') return null;
      throw error;
    }
  }

  async function post(draft: TicketDraft, options: CreateOptions, project: string, mayGuess: boolean): Promise<Issue> {
    const mapped = priorityOf(draft, severityMap);
    const priority = mapped?.isGuess && !mayGuess ? null : mapped;
    const fields = issueFields(draft, { project, issueType, fieldMap, priority });
    const properties = [{ key: ourProperty, value: { link_id: draft.linkId } }];
    await options.sending?.();
    try {
      return await jira.post('/issue', { fields, properties }, createdSchema, options.signal);
    } catch (error) {
      // What was refused made nothing, so it may be said again.
      if (priority?.isGuess && fieldMap?.priority === undefined && isOfPriorityAlone(error)) {
        noGuessBefore = Date.now() + priorityRestMs;
        return post(draft, options, project, false);
      }
      if (error instanceof ProviderError && !mayHaveArrived(error)) await options.refused?.();
      throw error;
    }
  }

  async function findOrPost(draft: TicketDraft, options: CreateOptions): Promise<CreatedTicket> {
    const { repeated, sentAt, signal } = options;
    if (signal.aborted) throw aborted();
    let issue: Issue | null = null;
    if (sentAt === undefined) issue = await search(draft, signal);
    else if (repeated && sentAt) {
      const times = { sentAt, lookAfterMs, createAgainAfterMs };
      issue = await searchAgain({ ...times, signal, search: () => search(draft, signal) });
    }
    issue ??= await post(draft, options, await findProject(signal), Date.now() >= noGuessBefore);
    await linkToReview(jira, issue.id, draft, signal);
    return {
      externalId: issue.key,
      externalRef: issue.id,
      externalUrl: browseUrl(baseUrl, issue.key),
      externalStatus: null,
    };
  }

  return (draft: TicketDraft, options: CreateOptions): Promise<CreatedTicket> => {
    // Two at once in one process are one.
    const running = underWay.get(draft.key);
    if (running) return running;
    const started = findOrPost(draft, options).finally(() => underWay.delete(draft.key));
    underWay.set(draft.key, started);
    return started;
  };
}

const isOfPriorityAlone = (error: unknown) =>
  error instanceof FieldsRefused && !error.isMore && error.fields.length === 1 && error.fields[0] === 'priority';
