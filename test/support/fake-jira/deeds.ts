import { touch, type FakeComment, type FakeIssue, type FakeUser } from './memory.js';
import { issue as presentIssue } from './present.js';
import type { Site } from './site.js';

/** What people do in the browser. */
const person = (displayName: string): FakeUser => ({
  accountId: `712020:${displayName.toLowerCase().replaceAll(/\W+/g, '-')}`,
  displayName,
});
const grace = person('Grace Hopper');

/** A text as the paragraphs that an editor makes of it; a document stays as it is. */
const document = (text: unknown): unknown =>
  typeof text === 'string'
    ? {
        type: 'doc',
        version: 1,
        content: text.split('\n\n').map((paragraph) => ({
          type: 'paragraph',
          content: paragraph === '' ? [] : [{ type: 'text', text: paragraph }],
        })),
      }
    : text;

export function foreignComment(site: Site, issue: FakeIssue, text: unknown, author: string): FakeComment {
  const at = new Date();
  const comment: FakeComment = {
    id: site.nextCommentId(),
    author: person(author),
    body: document(text),
    text: typeof text === 'string' ? text : null,
    properties: [],
    created: at,
    updated: at,
  };
  issue.comments.push(comment);
  touch(issue, at);
  site.sendComment(issue, comment, 'comment_created');
  return comment;
}

export function changeComment(site: Site, issue: FakeIssue, commentId: string, text: unknown): void {
  const comment = issue.comments.find(({ id }) => id === commentId);
  if (!comment) throw new Error(`The fake Jira has no comment ${commentId} on ${issue.key}.`);
  comment.body = document(text);
  comment.text = typeof text === 'string' ? text : null;
  comment.updated = new Date(Math.max(Date.now(), comment.created.getTime() + 1));
  touch(issue);
  site.sendComment(issue, comment, 'comment_updated');
}

/** Moves an issue, and says what the webhook's changelog holds. */
export function setStatus(site: Site, issue: FakeIssue, statusId: string) {
  const status = site.workflow.statuses.find(({ id }) => id === statusId);
  if (!status) throw new Error(`The fake Jira has no status ${statusId}.`);
  const item = {
    field: 'status',
    from: issue.status.id,
    fromString: issue.status.name,
    to: status.id,
    toString: status.name,
  };
  issue.status = status;
  if (status.category !== 'done') issue.resolution = null;
  touch(issue);
  return item;
}

export function transitionTo(site: Site, issue: FakeIssue, statusName: string): void {
  const status = site.workflow.statuses.find(({ name }) => name === statusName);
  if (!status) throw new Error(`The fake Jira has no status ${statusName}.`);
  site.sendUpdated(issue, grace, [setStatus(site, issue, status.id)]);
}

export function editThenTransition(site: Site, issue: FakeIssue, summary: string, statusName: string): void {
  const item = { field: 'summary', fromString: issue.summary, toString: summary };
  issue.summary = summary;
  touch(issue);
  const stale = presentIssue(issue);
  const status = site.workflow.statuses.find(({ name }) => name === statusName);
  if (!status) throw new Error(`The fake Jira has no status ${statusName}.`);
  const moved = setStatus(site, issue, status.id);
  site.sendUpdated(issue, grace, [item], { shown: stale });
  site.sendUpdated(issue, grace, [moved]);
}

export function changeFields(
  site: Site,
  issue: FakeIssue,
  fields: Record<string, unknown>,
  by: FakeUser = grace,
): void {
  Object.assign(issue.fields, fields);
  if (typeof fields.summary === 'string') issue.summary = fields.summary;
  if (Array.isArray(fields.labels)) issue.labels = fields.labels.map(String);
  touch(issue);
  const items = Object.keys(fields).map((field) => ({ field, fromString: null, toString: null }));
  site.sendUpdated(issue, by, items);
}

export function moveIssue(site: Site, issue: FakeIssue, projectKey: string): string {
  const from = issue.key;
  issue.projectKey = projectKey;
  issue.key = site.nextKey(projectKey);
  touch(issue);
  site.sendUpdated(issue, grace, [{ field: 'Key', fromString: from, toString: issue.key }]);
  return issue.key;
}
