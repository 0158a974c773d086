import type { WebhookHabits } from './hooks.js';
import type { FakeComment, FakeIssue, FakeUser } from './memory.js';

/** Addresses in answers lead nowhere that anybody may go. */
export const selfOf = (path: string) => `https://never-dial.example/rest/api/3/${path}`;

/** `2026-01-01T00:00:00.000+0000` */
export const time = (at: Date) => at.toISOString().replace('Z', '+0000');

export const user = ({ accountId, displayName }: FakeUser, nameless = false) => ({
  self: selfOf(`user?accountId=${accountId}`),
  accountId,
  accountType: 'atlassian',
  active: true,
  ...(nameless ? {} : { displayName }),
});

export const status = ({ id, name, category }: FakeIssue['status']) => ({
  self: selfOf(`status/${id}`),
  id,
  name,
  statusCategory: { key: category, name: category },
});

export const issue = (from: FakeIssue) => ({
  id: from.id,
  key: from.key,
  self: selfOf(`issue/${from.id}`),
  fields: {
    project: { key: from.projectKey },
    issuetype: { name: from.issueType },
    summary: from.summary,
    labels: from.labels,
    priority: from.priority === null ? null : { name: from.priority },
    resolution: from.resolution === null ? null : { name: from.resolution },
    status: status(from.status),
    created: time(from.created),
    updated: time(from.updated),
  } as Record<string, unknown>,
});

/** @param habits of webhooks; left out: as the REST API shows it */
export const comment = (of: FakeIssue, from: FakeComment, habits?: WebhookHabits) => ({
  self: selfOf(`issue/${of.id}/comment/${from.id}`),
  id: from.id,
  author: user(from.author, habits?.nameless),
  updateAuthor: user(from.author, habits?.nameless),
  body: habits?.commentBody === 'wiki' ? (from.text ?? plainOf(from.body)) : from.body,
  created: time(from.created),
  updated: time(from.updated),
  jsdPublic: true,
});

/** The texts of a document, a line each block. */
function plainOf(node: unknown): string {
  if (typeof node !== 'object' || node === null) return '';
  const { type, text, content } = node as { type?: string; text?: string; content?: unknown[] };
  if (type === 'hardBreak') return '\n';
  if (typeof text === 'string') return text;
  const inside = (content ?? []).map(plainOf);
  return type === 'paragraph' || type === 'heading' ? inside.join('') : inside.join('\n');
}
