import type { Received } from '../fake-service.js';

/** What a request is, by its method and path. */
export type JiraOperation =
  | 'create'
  | 'issue'
  | 'edit'
  | 'comment'
  | 'comments'
  | 'transitions'
  | 'transition'
  | 'remotelink'
  | 'property'
  | 'search'
  | 'old_search'
  | 'myself'
  | 'projects'
  | 'project'
  | 'statuses'
  | 'issue_types'
  | 'fields'
  | 'unknown';

export interface JiraRequest extends Received {
  operation: JiraOperation;
  /** Of the answer; null where a habit stood in for it. */
  status: number | null;
  /** The habit's kind, or `served`. */
  outcome: string;
  /** What is wrong with it by the documents. */
  faults: string[];
}

export interface FakeProject {
  key: string;
  name: string;
  issueTypes: { id: string; name: string }[];
  /** Fields on the create screen besides project, issue type and summary. */
  fields: { id: string; name: string; required?: boolean; hasDefault?: boolean }[];
  priorities: string[];
  /** Whether our account may see it; else 404. */
  isVisible: boolean;
}

export interface FakeUser {
  accountId: string;
  displayName: string;
}

export interface FakeComment {
  id: string;
  author: FakeUser;
  /** ADF, as it was sent or made of a text. */
  body: unknown;
  /** The readable text of a foreign comment; null of one that came by the API. */
  text: string | null;
  properties: { key: string; value: unknown }[];
  created: Date;
  updated: Date;
}

export interface FakeIssue {
  id: string;
  key: string;
  projectKey: string;
  issueType: string;
  summary: string;
  description: unknown;
  labels: string[];
  priority: string | null;
  /** All that was sent, custom fields included. */
  fields: Record<string, unknown>;
  properties: Map<string, unknown>;
  comments: FakeComment[];
  /** By `globalId`. */
  remoteLinks: Map<string, Record<string, unknown>>;
  status: { id: string; name: string; category: 'new' | 'indeterminate' | 'done' };
  resolution: string | null;
  created: Date;
  updated: Date;
  /** What the search may know of it: the oldest first. */
  versions: { at: number; updated: Date; labels: string[]; status: FakeIssue['status'] }[];
}

export const bot: FakeUser = { accountId: '5b10a2844c20165700ede21g', displayName: 'Drawbridge Bot' };

export const project = (overrides: Partial<FakeProject> = {}): FakeProject => ({
  key: 'SEC',
  name: 'Security',
  issueTypes: [
    { id: '10100', name: 'Task' },
    { id: '10101', name: 'Bug' },
  ],
  fields: ['description', 'labels', 'priority'].map((id) => ({ id, name: id.charAt(0).toUpperCase() + id.slice(1) })),
  priorities: ['Highest', 'High', 'Medium', 'Low', 'Lowest'],
  isVisible: true,
  ...overrides,
});

/** Notes that an issue is different now. */
export function touch(issue: FakeIssue, now = new Date()): void {
  // Jira's clock never shows one issue the same millisecond twice here, so that changes have an order.
  issue.updated = new Date(Math.max(now.getTime(), issue.updated.getTime() + 1));
  const { updated, labels, status } = issue;
  issue.versions.push({ at: now.getTime(), updated, labels, status });
}

/** What the search knows of an issue this long after; null while it has not heard of it. */
export const indexed = (issue: FakeIssue, lagMs: number) =>
  issue.versions.findLast(({ at }) => at + lagMs <= Date.now()) ?? null;
