import { z } from 'zod';
import { allItems, boundedArray } from '../../bounded-pages.js';
import type { JiraClient } from '../client.js';

const pageSchema = z.object({ total: z.number().optional() }).catchall(z.unknown());

/** All of a list that Jira gives by `startAt`. @param name of the member that holds a page's items */
export function pagesOf<T extends z.ZodType>(
  jira: JiraClient,
  path: string,
  name: string,
  item: T,
  signal: AbortSignal,
): Promise<z.output<T>[]> {
  const itemsSchema = boundedArray(item).catch([]);
  return allItems<z.output<T>, number>({
    what: name,
    bounds: { pages: 40, items: 2_000 },
    async fetch(startAt = 0, meter) {
      const answer = await jira.get(path, pageSchema, signal, { startAt, maxResults: 50 }, meter);
      const items = itemsSchema.parse(answer[name]);
      const next = startAt + items.length;
      return { items, next: items.length > 0 && next < (answer.total ?? 0) ? next : null };
    },
  });
}
