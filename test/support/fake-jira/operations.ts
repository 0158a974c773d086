import type { Served, Received } from '../fake-service.js';
import { isObject, objects } from '../fake-service.js';
import { createIssue, addComment, addRemoteLink, editIssue, runTransition } from './writes.js';
import type { JiraOperation } from './memory.js';
import * as reads from './reads.js';
import type { Site } from './site.js';

const table: [string, RegExp, JiraOperation][] = [
  ['POST', /^\/issue$/, 'create'],
  ['GET', /^\/issue\/createmeta\/([^/]+)\/issuetypes$/, 'issue_types'],
  ['GET', /^\/issue\/createmeta\/([^/]+)\/issuetypes\/([^/]+)$/, 'fields'],
  ['GET', /^\/issue\/([^/]+)$/, 'issue'],
  ['PUT', /^\/issue\/([^/]+)$/, 'edit'],
  ['POST', /^\/issue\/([^/]+)\/comment$/, 'comment'],
  ['GET', /^\/issue\/([^/]+)\/comment$/, 'comments'],
  ['GET', /^\/issue\/([^/]+)\/transitions$/, 'transitions'],
  ['POST', /^\/issue\/([^/]+)\/transitions$/, 'transition'],
  ['POST', /^\/issue\/([^/]+)\/remotelink$/, 'remotelink'],
  ['GET', /^\/issue\/([^/]+)\/properties\/([^/]+)$/, 'property'],
  ['POST', /^\/search\/jql$/, 'search'],
  ['POST', /^\/search$/, 'old_search'],
  ['GET', /^\/myself$/, 'myself'],
  ['GET', /^\/project\/search$/, 'projects'],
  ['GET', /^\/project\/([^/]+)$/, 'project'],
  ['GET', /^\/project\/([^/]+)\/statuses$/, 'statuses'],
];

const prefix = '/rest/api/3';

function matchOf({ method, path }: Received) {
  const { pathname } = new URL(path, 'http://jira');
  const inside = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : '';
  for (const [verb, pattern, operation] of table) {
    const match = verb === method ? pattern.exec(inside) : null;
    if (match) return { operation, names: match.slice(1).map(decodeURIComponent) };
  }
  return { operation: 'unknown' as const, names: [] };
}

/** What a request is; `unknown` where Jira has no such address. */
export const operationOf = (received: Received): JiraOperation => matchOf(received).operation;

export const failure = (status: number, ...errorMessages: string[]): Served => ({
  status,
  body: { errorMessages, errors: {} },
  faults: status === 400 ? errorMessages : [],
});

const notThere = failure(404, 'Issue does not exist or you do not have permission to see it.');

/** Does what a request asks for, if it may. */
export function serve(site: Site, operation: JiraOperation, received: Received): Served {
  if (received.headers.authorization !== expectedAuth(site)) {
    return failure(401, 'Client must be authenticated to access this resource.');
  }
  const json = isObject(received.json) ? received.json : {};
  const faults = formFaults(received);
  if (faults.length > 0) return failure(400, ...faults);
  const query = new URL(received.path, 'http://jira').searchParams;
  const [first = '', second = ''] = matchOf(received).names;
  switch (operation) {
    case 'create':
      return createIssue(site, json);
    case 'search':
      return reads.search(site, json);
    case 'old_search':
      return failure(410, 'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.');
    case 'myself':
      return reads.myself();
    case 'projects':
      return reads.projects(site, query);
    case 'project':
    case 'statuses':
    case 'issue_types':
      return reads.ofProject(site, operation, first, query);
    case 'fields':
      return reads.createFields(site, first, second, query);
    case 'unknown':
      return failure(404, `No such address: ${received.method} ${received.path}`);
    case 'issue':
    case 'edit':
    case 'comment':
    case 'comments':
    case 'transitions':
    case 'transition':
    case 'remotelink':
    case 'property':
  }
  const issue = site.find(first);
  const visible = issue && site.projects.find(({ key }) => key === issue.projectKey)?.isVisible;
  if (!visible) return notThere;
  switch (operation) {
    case 'issue':
      return reads.oneIssue(site, issue, query);
    case 'comments':
      return reads.comments(site, issue, query);
    case 'transitions':
      return reads.transitions(site, issue, query);
    case 'property':
      return reads.property(issue, second);
    case 'edit':
      return editIssue(site, issue, json);
    case 'comment':
      return addComment(site, issue, json);
    case 'transition':
      return runTransition(site, issue, json);
    case 'remotelink':
      return addRemoteLink(site, issue, json);
  }
}

function expectedAuth({ auth: { email, apiToken } }: Site): string {
  if (email === undefined) return `Bearer ${apiToken}`;
  return `Basic ${Buffer.from(`${email}:${apiToken}`).toString('base64')}`;
}

function formFaults({ method, headers, json }: Received): string[] {
  if (method === 'GET') return [];
  return [
    ...(headers['content-type']?.startsWith('application/json') ? [] : ['The content type must be application/json.']),
    ...(isObject(json) || objects(json).length > 0 ? [] : ['The body is no JSON.']),
  ];
}
