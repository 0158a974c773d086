import { z } from 'zod';
import { UnreadableChange, type TrackerComment, type RemoteChange } from '../../tracker-side.js';
import { commentSchema, type JiraComment } from '../comments.js';
import { isId, isKey } from '../names.js';
import { isDone, statusSchema, type JiraStatus } from '../statuses.js';
import { timeOf } from '../time.js';

const envelopeSchema = z.object({ webhookEvent: z.string() });

const issueSchema = z.object({
  id: z.coerce.string().refine(isId, 'must be the id of an issue'),
  key: z.string().refine(isKey).nullish().catch(null),
  fields: z
    .object({ status: statusSchema.optional().catch(undefined), updated: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

const timestampSchema = z.object({ timestamp: z.number().optional().catch(undefined) });
const ofIssueSchema = timestampSchema.extend({
  issue: issueSchema,
  comment: commentSchema.optional().catch(undefined),
});
const ofCommentSchema = timestampSchema.extend({
  issue: issueSchema.nullish().catch(null),
  comment: commentSchema,
});
const selfSchema = z.object({ comment: z.object({ self: z.string() }) });

/** What a webhook of Jira's says; null for what is of no ticket and no comment, or of one that is gone. */
export function readWebhook(body: unknown, header: (name: string) => string | undefined): RemoteChange | null {
  const { webhookEvent: event } = parsed(envelopeSchema, body);
  const eventId = eventIdOf(header('x-atlassian-webhook-identifier'));
  switch (event) {
    case 'jira:issue_created':
    case 'jira:issue_updated':
      return ofIssue(parsed(ofIssueSchema, body), eventId);
    case 'comment_created':
    case 'comment_updated':
      return ofComment(parsed(ofCommentSchema, body), eventId, body, event === 'comment_updated');
    default:
      return null;
  }
}

function ofIssue({ issue, comment, timestamp }: z.infer<typeof ofIssueSchema>, eventId: string | null): RemoteChange {
  const status = issue.fields?.status;
  return {
    ticket: { externalId: issue.key ?? null, externalRef: issue.id },
    eventId,
    // The issue's own clock: of two webhooks sent at once the first may still hold the older state.
    occurredAt: timeOf(issue.fields?.updated) ?? dateOf(timestamp),
    status: status ? remoteChangeOf(status) : null,
    comments: comment ? commentsOf(comment, false) : [],
  };
}

function ofComment(
  { issue, comment, timestamp }: z.infer<typeof ofCommentSchema>,
  eventId: string | null,
  body: unknown,
  isEdited: boolean,
): RemoteChange {
  const externalRef = issue?.id ?? issueIdIn(parsed(selfSchema, body).comment.self);
  return {
    ticket: { externalId: issue?.key ?? null, externalRef },
    eventId,
    occurredAt: dateOf(timestamp),
    // The status that comes with a comment has no time of its own, so it could be older than what is known.
    status: null,
    comments: commentsOf(comment, isEdited),
  };
}

/** From the address of a comment, which is read and never dialled. */
function issueIdIn(self: string): string {
  const id = /\/issue\/(\d{1,20})\/comment\/\d{1,20}$/.exec(self.slice(0, 2048))?.[1];
  if (id === undefined) throw new UnreadableChange('comment.self', 'must name an issue where `issue` is missing');
  return id;
}

/** One that says nothing is none. */
export function commentsOf(
  { id, author, text, created, updated, ours }: JiraComment,
  isEdited: boolean,
): TrackerComment[] {
  if (text === '') return [];
  const wasEdited = created !== null && updated !== null && updated > created;
  return [{ externalCommentId: id, author, body: text, at: updated, isEdited: isEdited || wasEdited, ours }];
}

export const remoteChangeOf = (status: JiraStatus) => ({ id: status.id, name: status.name, isDone: isDone(status) });

const dateOf = (timestamp: number | undefined) =>
  timestamp === undefined || Number.isNaN(new Date(timestamp).getTime()) ? null : new Date(timestamp);

const eventIdOf = (value: string | undefined) =>
  value !== undefined && /^[\x21-\x7e]{1,255}$/.test(value) ? value : null;

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new UnreadableChange(issue?.path.join('.') ?? '', issue?.message ?? 'is none that Jira sends');
}
