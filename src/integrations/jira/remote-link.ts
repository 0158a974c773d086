import type { TicketDraft } from '../port.js';
import type { JiraClient } from './client.js';
import { safeHref } from './text/adf.js';
import { clipped, oneLine } from './text/document.js';

/** It is worth no more waiting than this: the issue is there, and its description has the address. */
const patienceMs = 5_000;

/**
 * Shows the subject's page among the issue's links. Idempotent by `globalId`. Tried once, and whatever comes of it
 * the ticket stands:
 * an error here would call a ticket failed that is not.
 */
export async function linkToReview(
  jira: JiraClient,
  issueId: string,
  draft: TicketDraft,
  signal: AbortSignal,
): Promise<void> {
  const url = safeHref(draft.url);
  if (url === null) return;
  const body = {
    globalId: `drawbridge=${draft.linkId}`,
    relationship: 'is reviewed on',
    application: { type: 'drawbridge', name: 'Drawbridge' },
    object: { url, title: clipped(oneLine(draft.title), 255) || url, status: { resolved: false } },
  };
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  await jira.send(`/issue/${issueId}/remotelink`, body, patience).catch(() => undefined);
}
