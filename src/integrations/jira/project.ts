import { z } from 'zod';
import { boundedArray } from '../bounded-pages.js';
import type { JiraClient } from './client.js';
import { isProjectKey } from './names.js';

const projectsSchema = z.object({ total: z.number().optional(), values: boundedArray(z.object({ key: z.string() })) });

/** The key of the project that tickets go to. @throws ProviderError, final, when it cannot be told */
export type FindProject = (signal: AbortSignal) => Promise<string>;

const maxNamed = 20;

/** @param configured the project that was set; else the only one that the account sees, asked for once */
export function projectFinder(jira: JiraClient, configured: string | undefined): FindProject {
  let known: string | null = null;
  return async (signal) => {
    if (configured !== undefined) {
      if (!isProjectKey(configured))
        throw jira.refusal('project_unknown', 'The project key is none that Jira could know.');
      return configured;
    }
    known ??= await onlyVisible(jira, signal);
    return known;
  };
}

async function onlyVisible(jira: JiraClient, signal: AbortSignal): Promise<string> {
  const { values, total } = await jira.get('/project/search', projectsSchema, signal, { maxResults: 50 });
  const keys = values.map(({ key }) => key).filter(isProjectKey);
  const [only] = keys;
  if (only === undefined) {
    throw jira.refusal('project_missing', 'The account sees no project in Jira: give it access to one.');
  }
  if (keys.length === 1 && (total ?? 1) <= 1) return only;
  const more = Math.max(total ?? 0, keys.length) - Math.min(keys.length, maxNamed);
  const named = `${keys.slice(0, maxNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  throw jira.refusal(
    'project_ambiguous',
    `The account sees several projects in Jira, set the project key to one of: ${named}.`,
  );
}
