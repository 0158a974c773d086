import type { ListHabit } from '../fake-tracker/list-habits.js';
import type { WebhookHabits } from './hooks.js';
import type { FakeIssue, FakeProject, FakeUser } from './memory.js';
import { bot } from './memory.js';
import { comment as presentComment, issue as presentIssue, user as presentUser } from './present.js';
import type { FakeWorkflow } from './workflow.js';

export interface SiteSettings {
  auth: { email?: string; apiToken: string };
  projects: FakeProject[];
  workflow: FakeWorkflow;
  searchLagMs: number;
  nestedExpand: boolean;
  pageSize: number;
  limitWrites: boolean;
  listHabit: ListHabit | null;
  send: (body: Record<string, unknown> & { webhookEvent: string }) => void;
  habits: () => WebhookHabits;
}

/** What the site holds, and how it tells of changes. */
export type Site = ReturnType<typeof createSite>;

export function createSite(settings: SiteSettings) {
  let lastIssue = 10_000;
  let lastComment = 20_000;
  let lastChange = 30_000;
  const numbers = new Map<string, number>();
  const issues: FakeIssue[] = [];

  const event = (webhookEvent: string, actor: FakeUser, rest: Record<string, unknown>) => {
    const user = presentUser(actor, settings.habits().nameless);
    settings.send({ timestamp: Date.now(), webhookEvent, user, ...rest });
  };

  return {
    ...settings,
    issues,
    nextIssueId: () => String(++lastIssue),
    nextCommentId: () => String(++lastComment),
    nextKey(projectKey: string): string {
      const number = (numbers.get(projectKey) ?? 0) + 1;
      numbers.set(projectKey, number);
      return `${projectKey}-${number}`;
    },
    find: (name: string) => issues.find(({ id, key }) => id === name || key === name),

    sendCreated(issue: FakeIssue): void {
      event('jira:issue_created', bot, { issue_event_type_name: 'issue_created', issue: presentIssue(issue) });
    },
    /** @param shown what the webhook holds in place of the issue as it is */
    sendUpdated(
      issue: FakeIssue,
      actor: FakeUser,
      items: { field: string; fromString: string | null; toString: string | null; from?: string; to?: string }[],
      { type = 'issue_generic', shown, more = {} }: { type?: string; shown?: unknown; more?: object } = {},
    ): void {
      const changelog = { id: String(++lastChange), items };
      const body = { issue_event_type_name: type, issue: shown ?? presentIssue(issue), changelog, ...more };
      event('jira:issue_updated', actor, body);
    },
    /** The two webhooks of a comment. */
    sendComment(
      issue: FakeIssue,
      comment: FakeIssue['comments'][number],
      kind: 'comment_created' | 'comment_updated',
    ): void {
      const habits = settings.habits();
      const shown = presentComment(issue, comment, habits);
      const { id, key, summary } = issue;
      // Of the issue a comment's webhook holds only this much.
      const about = { id, key, fields: { summary, status: presentIssue(issue).fields.status } };
      event(kind, comment.author, { comment: shown, ...(habits.withoutIssue ? {} : { issue: about }) });
      const type = kind === 'comment_created' ? 'issue_commented' : 'issue_comment_edited';
      this.sendUpdated(issue, comment.author, [], {
        type,
        more: habits.commentInIssueUpdated ? { comment: shown } : {},
      });
    },
  };
}
