import { indexed, type FakeIssue } from './memory.js';
import type { Site } from './site.js';

type Version = NonNullable<ReturnType<typeof indexed>>;
type Clause = (issue: FakeIssue, version: Version) => boolean;

/** A query that Jira refuses, in its words. */
export class BadJql extends Error {}

/**
 * The issues that a query finds: `project`, `labels`, `key`, `updated >= -5m` joined by AND, and ORDER BY updated or
 * created.
 */
export function runJql(site: Site, jql: string): FakeIssue[] {
  const [where = '', order = ''] = jql.split(/\border by\b/i);
  const clauses = where
    .split(/\band\b/i)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '')
    .map(clauseOf);
  if (clauses.length === 0) {
    throw new BadJql('Unbounded JQL queries are not allowed here. Please add a search restriction to your query.');
  }
  const [, field = 'created', direction = 'desc'] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(order) ?? [];
  const sign = direction.toLowerCase() === 'asc' ? 1 : -1;
  return site.issues
    .flatMap((issue) => {
      const version = indexed(issue, site.searchLagMs);
      const visible = site.projects.find(({ key }) => key === issue.projectKey)?.isVisible;
      return version && visible && clauses.every((clause) => clause(issue, version)) ? [{ issue, version }] : [];
    })
    .sort((a, b) => sign * (at(field, a) - at(field, b)))
    .map(({ issue }) => issue);
}

const at = (field: string, { issue, version }: { issue: FakeIssue; version: Version }) =>
  (field === 'updated' ? version.updated : issue.created).getTime();

function clauseOf(clause: string): Clause {
  const [, field = '', operator = '', raw = ''] = /^(\w+)\s*(=|>=)\s*(.+)$/.exec(clause) ?? [];
  const value = raw.trim().replace(/^"(.*)"$/, '$1');
  if (field === 'project' && operator === '=') return ({ projectKey }) => projectKey === value;
  if (field === 'labels' && operator === '=') return (_, { labels }) => labels.includes(value);
  if (field === 'key' && operator === '=') return ({ key }) => key === value;
  const minutes = /^-(\d+)m$/.exec(value)?.[1];
  if (field === 'updated' && operator === '>=' && minutes !== undefined) {
    // Times in JQL are whole minutes.
    const since = Math.floor(Date.now() / 60_000 - Number(minutes)) * 60_000;
    return (_, { updated }) => updated.getTime() >= since;
  }
  throw new BadJql(`Error in the JQL Query: '${clause}' is not understood.`);
}
