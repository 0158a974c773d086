import { isObject, objects, type Served } from '../fake-service.js';
import { changeFields, setStatus } from './deeds.js';
import {
  projectOf,
  refusal,
  refusalOfComment,
  refusalOfFields,
  refusalOfProperties,
  type Refusal,
} from './check-fields.js';
import { bot, touch, type FakeComment, type FakeIssue } from './memory.js';
import * as present from './present.js';
import type { Site } from './site.js';

const refused = (body: Refusal): Served => ({
  status: 400,
  body,
  faults: [...body.errorMessages, ...Object.entries(body.errors).map(([field, message]) => `${field}: ${message}`)],
});

export function createIssue(site: Site, json: Record<string, unknown>): Served {
  const fields = isObject(json.fields) ? json.fields : {};
  const no = refusalOfFields(site, fields) ?? refusalOfProperties(json.properties);
  if (no) return refused(no);
  const at = new Date();
  const projectKey = projectOf(site, fields.project)?.key ?? '';
  const issue: FakeIssue = {
    id: site.nextIssueId(),
    key: site.nextKey(projectKey),
    projectKey,
    issueType: nameOf(fields.issuetype) ?? '',
    summary: String(fields.summary),
    description: fields.description,
    labels: Array.isArray(fields.labels) ? fields.labels.map(String) : [],
    priority: nameOf(fields.priority),
    fields,
    properties: new Map(objects(json.properties).map(({ key, value }) => [String(key), value])),
    comments: [],
    remoteLinks: new Map(),
    status: site.workflow.statuses[0],
    resolution: null,
    created: at,
    updated: at,
    versions: [],
  };
  touch(issue, at);
  site.issues.push(issue);
  site.sendCreated(issue);
  const { id, key } = issue;
  return { status: 201, body: { id, key, self: present.selfOf(`issue/${id}`) }, faults: [] };
}

const nameOf = (value: unknown): string | null =>
  isObject(value) && typeof value.name === 'string' ? value.name : null;

export function editIssue(site: Site, issue: FakeIssue, json: Record<string, unknown>): Served {
  const limited = writeLimit(site, issue);
  if (limited) return limited;
  changeFields(site, issue, isObject(json.fields) ? json.fields : {}, bot);
  return { status: 204, body: '', faults: [] };
}

export function addComment(site: Site, issue: FakeIssue, json: Record<string, unknown>): Served {
  const limited = writeLimit(site, issue);
  if (limited) return limited;
  const no = refusalOfComment(json.body) ?? refusalOfProperties(json.properties);
  if (no) return refused(no);
  const at = new Date();
  const properties = objects(json.properties).map(({ key, value }) => ({ key: String(key), value }));
  const id = site.nextCommentId();
  const comment: FakeComment = { id, author: bot, body: json.body, text: null, properties, created: at, updated: at };
  issue.comments.push(comment);
  touch(issue, at);
  site.sendComment(issue, comment, 'comment_created');
  return { status: 201, body: present.comment(issue, comment), faults: [] };
}

export function runTransition(site: Site, issue: FakeIssue, json: Record<string, unknown>): Served {
  const limited = writeLimit(site, issue);
  if (limited) return limited;
  const id = isObject(json.transition) ? json.transition.id : undefined;
  const transition = site.workflow.transitions.find(
    (one) => one.id === id && (!one.from || one.from.includes(issue.status.id)),
  );
  if (!transition) {
    return refused({ errorMessages: [`Transition id '${String(id)}' is not valid for this issue.`], errors: {} });
  }
  const fields = isObject(json.fields) ? json.fields : {};
  const screen = transition.screen ?? [];
  const errors: Record<string, string> = {};
  for (const field of Object.keys(fields)) {
    const message = `Field '${field}' cannot be set. It is not on the appropriate screen, or unknown.`;
    if (!screen.some((one) => one.id === field)) errors[field] = message;
  }
  for (const one of screen)
    if (one.required && fields[one.id] === undefined) errors[one.id] = `${one.name} is required.`;
  const given = isObject(fields.resolution) ? fields.resolution : null;
  const resolution = site.workflow.resolutions.find(({ id: of, name }) => of === given?.id || name === given?.name);
  if (given && !resolution && !errors.resolution) errors.resolution = 'The resolution is not valid.';
  if (Object.keys(errors).length > 0) return refused(refusal(errors));
  const item = setStatus(site, issue, transition.to);
  if (resolution) issue.resolution = resolution.name;
  site.sendUpdated(issue, bot, [item]);
  return { status: 204, body: '', faults: [] };
}

export function addRemoteLink(site: Site, issue: FakeIssue, json: Record<string, unknown>): Served {
  const limited = writeLimit(site, issue);
  if (limited) return limited;
  const { globalId, object } = json;
  if (!isObject(object) || typeof object.url !== 'string' || typeof object.title !== 'string') {
    return refused(refusal({ object: "'url' and 'title' are required." }));
  }
  if (typeof globalId === 'string' && globalId.length > 255) return refused(refusal({ globalId: 'is too long.' }));
  const name = typeof globalId === 'string' ? globalId : `none-${issue.remoteLinks.size}`;
  const isNew = !issue.remoteLinks.has(name);
  issue.remoteLinks.set(name, json);
  const id = 10_000 + [...issue.remoteLinks.keys()].indexOf(name);
  return {
    status: isNew ? 201 : 200,
    body: { id, self: present.selfOf(`issue/${issue.id}/remotelink/${id}`) },
    faults: [],
  };
}

const writes = new WeakMap<FakeIssue, number[]>();

/** Writes to one issue: 20 in 2 s, 100 in 30 s. */
function writeLimit(site: Site, issue: FakeIssue): Served | null {
  const now = Date.now();
  const recent = (writes.get(issue) ?? []).filter((at) => at > now - 30_000);
  const soon = recent.filter((at) => at > now - 2_000).length;
  if (site.limitWrites && (soon >= 20 || recent.length >= 100)) {
    return {
      status: 429,
      body: { errorMessages: ['Rate limit exceeded.'], errors: {} },
      headers: { 'retry-after': soon >= 20 ? '2' : '30', 'ratelimit-reason': 'jira-per-issue-on-write' },
      faults: ['too many writes to one issue'],
    };
  }
  writes.set(issue, [...recent, now]);
  return null;
}
