import { applyFieldMap } from '../field-map.js';
import type { TicketDraft } from '../port.js';
import { linkLabel } from './names.js';
import { defaultPriorities, ourLabel, type JiraSettings } from './settings.js';
import { clipped, document, oneLine, remark } from './text/document.js';
import { safeHref } from './text/adf.js';

export interface Priority {
  name: string;
  /** Chosen by us, not by the org: it may be left out where Jira does not know it. */
  isGuess: boolean;
}

/** A ticket's priority: the connection's map, what routing mapped, ours; null where it has no severity. */
export function priorityOf(
  { severity, metadata }: TicketDraft,
  severityMap: JiraSettings['severityMap'],
): Priority | null {
  const ours = metadata.severity;
  const mapped = ours === null ? undefined : severityMap?.[ours];
  // A pair of impact and urgency is another tracker's.
  if (typeof mapped === 'string') return { name: mapped, isGuess: false };
  if (typeof severity === 'string' && severity !== ours) return { name: severity, isGuess: false };
  return ours === null ? null : { name: defaultPriorities[ours], isGuess: true };
}

/** The fields of a create. A field map wins over the priority, and never over what makes the ticket ours. */
export function issueFields(
  draft: TicketDraft,
  {
    project,
    issueType,
    fieldMap,
    priority,
  }: {
    project: string;
    issueType: string;
    fieldMap: JiraSettings['fieldMap'];
    priority: Priority | null;
  },
): Record<string, unknown> {
  const { labels, ...mapped } = applyFieldMap(fieldMap ?? {}, draft);
  const more = Array.isArray(labels) ? labels.filter((label) => typeof label === 'string') : [];
  return {
    ...(priority === null ? {} : { priority: { name: priority.name } }),
    ...mapped,
    project: { key: project },
    issuetype: { name: issueType },
    summary: clipped(oneLine(draft.title), 255) || draft.linkId,
    description: descriptionOf(draft),
    labels: [...new Set([ourLabel, linkLabel(draft.linkId), ...more.map(asLabel)])],
  };
}

/** Jira refuses labels with spaces, and a value put into one may have some. */
const asLabel = (label: string) => clipped(label.trim().replace(/\s+/g, '-'), 255);

/** The page that the ticket is about stands in it: the remote link is only the better way there. */
function descriptionOf({ description, url }: TicketDraft) {
  const href = safeHref(url);
  if (href === null) return document(description);
  const after = description.includes(href) ? [] : [remark('Review:', href)];
  return document(description, { after, whenCut: [remark('The whole text:', href)] });
}
