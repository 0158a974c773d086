import { z } from 'zod';
import { ProviderError } from '../../../lib/provider-errors.js';
import { boundedArray } from '../../bounded-pages.js';
import type { TrackerCheck } from '../../tracker-side.js';
import type { JiraClient } from '../client.js';
import { clipped, oneLine } from '../text/document.js';
import type { FindProject } from '../project.js';
import type { JiraSettings } from '../settings.js';
import { isDone, statusSchema } from '../statuses.js';
import { checkFields } from './check-fields.js';
import { pagesOf } from './pages.js';

const myselfSchema = z.object({ accountId: z.string(), displayName: z.string().default('an account without a name') });
const projectSchema = z.object({ key: z.string(), name: z.string().default('') });
const typesSchema = boundedArray(z.object({ id: z.string(), name: z.string(), statuses: boundedArray(statusSchema) }));
const issueTypeSchema = z.object({ id: z.string(), name: z.string() });

interface Check {
  jira: JiraClient;
  signal: AbortSignal;
}

/**
 * What tickets need of a site, looked at one after the other; what cannot be looked at for want of the one before is
 * left out.
 */
export function createCheck(jira: JiraClient, findProject: FindProject, settings: JiraSettings) {
  const { issueType = 'Task' } = settings;

  return async ({ signal }: { signal: AbortSignal }): Promise<TrackerCheck[]> => {
    const checks: TrackerCheck[] = [];
    const runCheck = async <T>(
      id: string,
      run: () => Promise<[T | null, Omit<TrackerCheck, 'id'>]>,
    ): Promise<T | null> => {
      const [found, entry] = await run().catch((error: unknown): [null, Omit<TrackerCheck, 'id'>] => {
        if (!(error instanceof ProviderError)) throw error;
        return [null, { status: 'missing', detail: error.message }];
      });
      checks.push({ id, status: entry.status, detail: clipped(oneLine(entry.detail), 500) });
      return found;
    };
    const check: Check = { jira, signal };
    if (!(await runCheck('credentials', () => credentials(check)))) return checks;
    const project = await runCheck('project', () => projectOf(check, findProject));
    if (project === null) return checks;
    const type = await runCheck('issue_type', () => issueTypeOf(check, project, issueType));
    if (type !== null)
      await runCheck('fields', async () => [null, await checkFields(jira, project, type, settings, signal)]);
    await runCheck('statuses', () => statuses(check, project, issueType));
    return checks;
  };
}

type Found<T> = Promise<[T | null, Omit<TrackerCheck, 'id'>]>;

async function credentials({ jira, signal }: Check): Found<string> {
  const { accountId, displayName } = await jira.get('/myself', myselfSchema, signal);
  return [accountId, { status: 'ready', detail: `Signed in as ${displayName}.` }];
}

async function projectOf({ jira, signal }: Check, findProject: FindProject): Found<string> {
  const key = await findProject(signal);
  const project = await jira.get(`/project/${encodeURIComponent(key)}`, projectSchema, signal);
  return [key, { status: 'ready', detail: `Tickets go to ${project.name} (${project.key}).` }];
}

/** Only types that the account may create issues of are shown here. */
async function issueTypeOf({ jira, signal }: Check, project: string, wanted: string): Found<string> {
  const path = `/issue/createmeta/${encodeURIComponent(project)}/issuetypes`;
  const types = await pagesOf(jira, path, 'issueTypes', issueTypeSchema, signal);
  const found = types.find(({ name }) => name === wanted) ?? types.find(({ name }) => isSame(name, wanted));
  if (found) return [found.id, { status: 'ready', detail: `Tickets are made as ${found.name}.` }];
  if (types.length === 0) {
    const why = `The account may not create issues in ${project}: it needs the permission "Create issues".`;
    return [null, { status: 'missing', detail: why }];
  }
  const names = types.map(({ name }) => name).join(', ');
  return [
    null,
    { status: 'missing', detail: `${project} has no issue type "${wanted}" for this account. It has: ${names}.` },
  ];
}

async function statuses({ jira, signal }: Check, project: string, issueType: string): Found<never> {
  const types = await jira.get(`/project/${encodeURIComponent(project)}/statuses`, typesSchema, signal);
  const ofType = types.find(({ name }) => isSame(name, issueType))?.statuses ?? types.flatMap((type) => type.statuses);
  const done = [...new Set(ofType.filter(isDone).map(({ name }) => name))];
  if (done.length > 0) return [null, { status: 'ready', detail: `Closing leads to ${done.join(' or ')}.` }];
  const names = [...new Set(ofType.map(({ name }) => name))].join(', ');
  const why = `No status of ${issueType} is of the category Done: tickets cannot be closed. There are: ${names}.`;
  return [null, { status: 'attention', detail: why }];
}

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
