import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boundedPages, type PageBounds } from '../../src/integrations/bounded-pages.js';
import type { TicketProvider, TicketRef } from '../../src/integrations/port.js';
import type { TrackerSide } from '../../src/integrations/tracker-side.js';
import type { ListHabit } from '../support/fake-tracker/list-habits.js';
import { comment, draft, options, ref } from './drafts.js';
import { failureOf, openJira, signal } from './jira-harness.js';
import { openServiceNow } from './servicenow-harness.js';

const longAgo = new Date(0);

interface Tracker {
  provider: TicketProvider;
  tracker: TrackerSide;
  ticket: TicketRef;
  behave: (habit: ListHabit | null) => void;
  requests: () => number;
  comments: () => number;
  tickets: () => number;
  close: () => Promise<void>;
}

async function jira(): Promise<Tracker> {
  const harness = await openJira({}, { lookAfterMs: [], createAgainAfterMs: 0 });
  const { jira: fake, provider, tracker } = harness;
  const ticket = await harness.open();
  fake.addForeignComment(ticket.externalId, 'One that they wrote.');
  return {
    ...{ provider, tracker, ticket },
    close: () => harness.close(),
    behave: (habit) => (fake.settings.listHabit = habit),
    requests: () => fake.requests.length,
    comments: () => fake.issue(ticket.externalId).comments.length,
    tickets: () => fake.issues.length,
  };
}

async function serviceNow(): Promise<Tracker> {
  const harness = await openServiceNow({ lookAfterMs: [], createAgainAfterMs: 0 });
  const { fake, provider, tracker } = harness;
  const of = draft();
  const { externalId, externalRef } = await provider.create(of, { ...options(), sentAt: null });
  const ticket = ref(of, externalId, externalRef);
  fake.addForeignComment(externalId, 'One that they wrote.');
  return {
    ...{ provider, tracker, ticket },
    close: () => harness.close(),
    behave: (habit) => (fake.conditions.listHabit = habit),
    requests: () => fake.requests.length,
    comments: () => fake.journal(externalId).length,
    tickets: () => fake.records.length,
  };
}

const all = async <T>(items: AsyncIterable<T>) => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

/** Each call that reads a list. @param sentAt when a create was sent whose answer was lost */
const calls: Record<string, (tracker: Tracker, sentAt: Date) => Promise<unknown>> = {
  'tickets that changed': ({ tracker }) => all(tracker.changedSince(longAgo, { signal })),
  'comments of a ticket': ({ tracker, ticket }) => tracker.commentsSince(ticket, longAgo, { signal }),
  'a comment that may have arrived': ({ provider, ticket }) =>
    provider.comment(ticket, comment({ occurredAt: longAgo }), options({ repeated: true })),
  'a ticket that may have been made': ({ provider }, sentAt) =>
    provider.create(draft({ occurredAt: longAgo }), { ...options({ repeated: true }), sentAt }),
};

const habits: Record<string, readonly ListHabit[]> = {
  jira: ['empty_pages', 'long_tokens', 'repeated_token', 'endless', 'wide'],
  servicenow: ['empty_pages', 'endless', 'wide'],
};

describe.each([
  ['jira', jira],
  ['servicenow', serviceNow],
])('%s: a list without an end', (name, open) => {
  let tracker: Tracker;
  beforeAll(async () => {
    tracker = await open();
  });
  afterAll(() => tracker.close());

  it.each(
    Object.entries(calls).flatMap(([what, call]) => (habits[name] ?? []).map((habit) => ({ what, call, habit }))),
  )('is an error for $what, and never an absence: $habit', async ({ what, call, habit }) => {
    const before = { comments: tracker.comments(), tickets: tracker.tickets(), requests: tracker.requests() };
    tracker.behave(habit);
    const error = await failureOf(call(tracker, longAgo));
    tracker.behave(null);
    expect({ comments: tracker.comments(), tickets: tracker.tickets() }).toEqual({
      comments: before.comments,
      tickets: before.tickets,
    });
    expect(tracker.requests() - before.requests).toBeLessThan(what === 'tickets that changed' ? 410 : 405);
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(list_|answer_unreadable|search_unusable)/) as string,
    });
  });
});

describe('the bounds of a list', () => {
  const numbers = (bounds: Partial<PageBounds>, items = 10, bytes = 10) =>
    all(
      boundedPages<number, number>({
        what: 'numbers',
        bounds,
        fetch: (cursor = 0, meter) => {
          meter(bytes);
          return Promise.resolve({ items: Array(items).fill(cursor) as number[], next: cursor + 1 });
        },
      }),
    );

  it.each<[string, Partial<PageBounds>, string]>([
    ['pages', { pages: 3 }, 'more than 3 pages'],
    ['items', { items: 25 }, 'more than 25 entries'],
    ['bytes', { bytes: 1_048_576 }, 'more than 1 MiB'],
    ['time', { ms: -1 }, 'took more than'],
    ['the length of a token', { cursorLength: 0 }, 'longer than any tracker needs'],
  ])('hold for %s', async (_name, bounds, words) => {
    await expect(numbers(bounds, 10, 600_000)).rejects.toThrow(words);
  });

  it('hold for empty pages in a row, and not for some among others', async () => {
    await expect(numbers({ emptyPages: 4 }, 0)).rejects.toThrow('4 pages in a row are empty');
    const pages = [0, 0, 3, 0, 0, 1];
    let page = 0;
    const found: number[] = [];
    const fetch = () => {
      const items = Array<number>(pages[page] ?? 0).fill(page);
      page += 1;
      return Promise.resolve({ items, next: page < pages.length ? page : null });
    };
    for await (const items of boundedPages({ what: 'numbers', bounds: { emptyPages: 3 }, fetch })) found.push(...items);
    expect(found).toEqual([2, 2, 2, 5]);
  });
});
