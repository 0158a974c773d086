import { hostilePage } from '../fake-tracker/list-habits.js';
import type { Served } from '../fake-service.js';
import { projectOf } from './check-fields.js';
import { BadJql, runJql } from './jql.js';
import { bot, indexed, type FakeIssue } from './memory.js';
import * as present from './present.js';
import type { Site } from './site.js';

const ok = (body: unknown): Served => ({ status: 200, body, faults: [] });
const refused = (status: number, errorMessage: string): Served => ({
  status,
  body: { errorMessages: [errorMessage], errors: {} },
  faults: status === 400 ? [errorMessage] : [],
});

export const myself = (): Served => ok(present.user(bot));

/** @param list all of it @returns one page, by `startAt` and `maxResults` */
function page<T>(site: Site, list: T[], query: URLSearchParams) {
  const startAt = Number(query.get('startAt') ?? 0);
  const maxResults = Math.min(Number(query.get('maxResults') ?? 50), site.pageSize);
  const values = list.slice(startAt, startAt + maxResults);
  return { values, of: { startAt, maxResults, total: list.length } };
}

export function projects(site: Site, query: URLSearchParams): Served {
  const seen = site.projects
    .map((project, index) => ({ id: String(10_000 + index), key: project.key, name: project.name }))
    .filter((_, index) => site.projects[index]?.isVisible);
  const { values, of } = page(site, seen, query);
  return ok({ ...of, isLast: of.startAt + values.length >= seen.length, values });
}

export function ofProject(
  site: Site,
  what: 'project' | 'statuses' | 'issue_types',
  name: string,
  query: URLSearchParams,
): Served {
  const project = projectOf(site, name);
  if (!project) return refused(404, `No project could be found with key '${name}'.`);
  const types = project.issueTypes.map((type) => ({ ...type, subtask: false }));
  if (what === 'project') return ok({ key: project.key, name: project.name, issueTypes: types });
  if (what === 'issue_types') {
    const { values, of } = page(site, types, query);
    return ok({ ...of, issueTypes: values });
  }
  const statuses = site.workflow.statuses.map(present.status);
  return ok(types.map((type) => ({ ...type, statuses })));
}

export function createFields(site: Site, name: string, typeId: string, query: URLSearchParams): Served {
  const project = projectOf(site, name);
  if (!project?.issueTypes.some(({ id }) => id === typeId)) return refused(404, 'The issue type is not there.');
  const always = ['Project', 'Issue Type', 'Summary'].map((field) => ({
    id: field.toLowerCase().replace(' ', ''),
    name: field,
    required: true,
    hasDefault: false,
  }));
  const all = [...always, ...project.fields].map(({ id, name: shown, required = false, hasDefault = false }) => ({
    fieldId: id,
    key: id,
    name: shown,
    required,
    hasDefaultValue: hasDefault,
    operations: ['set'],
    schema: { type: 'string' },
    ...(id === 'priority' ? { allowedValues: project.priorities.map((priority) => ({ name: priority })) } : {}),
  }));
  const { values, of } = page(site, all, query);
  return ok({ ...of, fields: values });
}

/** Only the fields that were asked for, as the new search and `fields=` do. */
function only(issue: FakeIssue, names: string[], version?: NonNullable<ReturnType<typeof indexed>>) {
  const shown = present.issue(issue);
  const known: Record<string, unknown> = version
    ? { ...shown.fields, status: present.status(version.status), updated: present.time(version.updated) }
    : shown.fields;
  return {
    ...shown,
    fields: Object.fromEntries(names.flatMap((name) => (name in known ? [[name, known[name]]] : []))),
  };
}

export function search(
  site: Site,
  { jql, fields, maxResults, nextPageToken, properties }: Record<string, unknown>,
): Served {
  if (typeof jql !== 'string') return refused(400, 'The JQL is missing.');
  const names = Array.isArray(fields) ? fields.map(String) : [];
  const wanted = Array.isArray(properties) ? properties.map(String) : [];
  try {
    const found = runJql(site, jql);
    const from = typeof nextPageToken === 'string' ? Number(Buffer.from(nextPageToken, 'base64').toString()) : 0;
    const upTo = from + Math.min(Number(maxResults ?? 50), site.pageSize);
    const issues = found.slice(from, upTo).map((issue) => {
      const version = indexed(issue, site.searchLagMs) ?? undefined;
      const bare = { id: issue.id, key: issue.key, self: present.selfOf(`issue/${issue.id}`) };
      const held = Object.fromEntries(
        wanted.flatMap((key) => (issue.properties.has(key) ? [[key, issue.properties.get(key)]] : [])),
      );
      return {
        ...(names.length === 0 ? bare : only(issue, names, version)),
        ...(wanted.length === 0 ? {} : { properties: held }),
      };
    });
    if (site.listHabit) {
      const { items, token } = hostilePage(site.listHabit, issues);
      return ok({ issues: items, isLast: false, nextPageToken: token });
    }
    const isLast = upTo >= found.length;
    return ok({ issues, isLast, ...(isLast ? {} : { nextPageToken: Buffer.from(String(upTo)).toString('base64') }) });
  } catch (error) {
    if (error instanceof BadJql) return refused(400, error.message);
    throw error;
  }
}

export function oneIssue(site: Site, issue: FakeIssue, query: URLSearchParams): Served {
  const asked = query.get('fields')?.split(',') ?? [];
  const expand = query.get('expand')?.split(',') ?? [];
  const shown = asked.length > 0 ? only(issue, asked) : present.issue(issue);
  const nested = expand.includes('transitions.fields');
  const withFields = nested && site.nestedExpand;
  if (!expand.includes('transitions') && !withFields) return ok(shown);
  return ok({ ...shown, transitions: transitionsOf(site, issue, withFields) });
}

export function transitions(site: Site, issue: FakeIssue, query: URLSearchParams): Served {
  const withFields = query.get('expand')?.split(',').includes('transitions.fields') === true;
  return ok({ expand: 'transitions', transitions: transitionsOf(site, issue, withFields) });
}

function transitionsOf(site: Site, issue: FakeIssue, withFields: boolean) {
  const { transitions: all, statuses, resolutions } = site.workflow;
  const open = all.filter(({ from }) => !from || from.includes(issue.status.id));
  return open.map(({ id, name, to, screen = [] }) => {
    const target = statuses.find((status) => status.id === to) ?? issue.status;
    const fields = screen.map((field) => [
      field.id,
      {
        required: field.required,
        name: field.name,
        key: field.id,
        hasDefaultValue: false,
        operations: ['set'],
        ...(field.id === 'resolution' ? { allowedValues: resolutions } : {}),
      },
    ]);
    return {
      id,
      name,
      to: present.status(target),
      hasScreen: screen.length > 0,
      isAvailable: true,
      ...(withFields ? { fields: Object.fromEntries(fields) as Record<string, unknown> } : {}),
    };
  });
}

export function comments(site: Site, issue: FakeIssue, query: URLSearchParams): Served {
  const newestFirst = query.get('orderBy') === '-created';
  const list = newestFirst ? [...issue.comments].reverse() : issue.comments;
  const { values, of } = page(site, list, query);
  const withProperties = query.get('expand')?.split(',').includes('properties') === true;
  const shown = values.map((comment) => ({
    ...present.comment(issue, comment),
    ...(withProperties ? { properties: comment.properties } : {}),
  }));
  if (site.listHabit) return ok({ ...of, total: 1e12, comments: hostilePage(site.listHabit, shown).items });
  return ok({ ...of, comments: shown });
}

export function property(issue: FakeIssue, key: string): Served {
  if (!issue.properties.has(key)) return refused(404, `The property ${key} does not exist.`);
  return ok({ key, value: issue.properties.get(key) });
}
