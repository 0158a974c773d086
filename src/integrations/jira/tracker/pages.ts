import { z } from 'zod';
import type { JiraClient } from '../client.js';

const maxPages = 20;

/** All of a list that Jira gives by `startAt`. @param name of the member that holds a page's items */
export async function pagesOf<T>(
  jira: JiraClient,
  path: string,
  name: string,
  item: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T[]> {
  const items: T[] = [];
  const schema = z.object({ total: z.number().optional() }).catchall(z.unknown());
  for (let page = 0; page < maxPages; page++) {
    const answer = await jira.get(path, schema, signal, { startAt: items.length, maxResults: 50 });
    const found = z.array(item).catch([]).parse(answer[name]);
    items.push(...found);
    if (found.length === 0 || items.length >= (answer.total ?? 0)) break;
  }
  return items;
}
