import type { Contender } from '../rounds.js';
import { batchOf, beginning, mixedRisks, rareSeverity, wordOfAll, wordOfOne } from './batch.js';
import type { Page } from './client.js';
import type { Queue } from './queue.js';

/** One thing that is asked of a queue. */
export interface Question {
  name: string;
  of: (queue: Queue, name: string) => Contender;
}

const pageSize = 50;
/** Shorter, so that the second page of a hundred is full and not the last one. */
const shortPage = 40;

/** A place at random. */
const anywhere = (count: number) => Math.floor(Math.random() * count);

/** What reviewers read. Each answer is as long from one queue as from another. */
export const reads: Question[] = [
  listing('first page', pageSize, () => ''),
  listing('status=open', pageSize, () => 'status=open'),
  listing('severity=critical', pageSize, () => 'severity=critical'),
  listing('status=open&severity=critical', pageSize, () => 'status=open&severity=critical'),
  listing(`severity=${rareSeverity.name}, five of them`, rareSeverity.count, () => `severity=${rareSeverity.name}`),
  listing('q= a word of one', 1, ({ total }) => `q=${wordOfOne(anywhere(total))}`),
  listing('q= a word of all', pageSize, () => `q=${wordOfAll}`),
  listing('q= the beginning of a word', pageSize, () => `q=${beginning}`),
  {
    name: 'second page',
    of: (queue, name) => ({
      name,
      async prepare() {
        const { next_cursor: cursor } = await queue.client.list(queue.org, `limit=${shortPage}`);
        const query = `limit=${shortPage}&cursor=${cursor}`;
        return async () => expectLength(await queue.client.list(queue.org, query), shortPage, name);
      },
    }),
  },
  {
    name: 'one escalation',
    of: ({ client, org }, name) => {
      let all: string[] | undefined;
      return {
        name,
        async prepare(count) {
          all ??= await client.ids(org);
          const ids = shuffled(all).slice(0, count);
          return () => client.show(org, taken(ids));
        },
      };
    },
  },
];

/** Each of another escalation, as reviewers do. What follows from it in the workflow is waited for before the next round. */
export const claims: Question = {
  name: 'claim',
  of: ({ client, drains, org }, name) => {
    let all: string[] | undefined;
    let claimed: string[] = [];
    return {
      name,
      async prepare(count) {
        await Promise.all(claimed.map((id) => client.act(org, id, 'release')));
        await drains.untilDone();
        all ??= await client.ids(org);
        claimed = shuffled(all).slice(0, count);
        const ids = [...claimed];
        return () => client.act(org, taken(ids), 'claim');
      },
    };
  },
};

/** A call of `POST /events`; it leaves what it raises to be drained before the next round. */
export const ingesting = (events: number, matching: number): Question => ({
  name: `${events} events, ${matching} match`,
  of: ({ client, drains, org }, name) => ({
    name,
    async prepare(count) {
      await drains.untilDone();
      const bodies = Array.from({ length: count }, () => batchOf(mixedRisks(events, matching)));
      return () => client.send(org, taken(bodies));
    },
  }),
});

function listing(name: string, length: number, queryOf: (queue: Queue) => string): Question {
  return {
    name,
    of: (queue, shown) => ({
      name: shown,
      prepare: () =>
        Promise.resolve(async () => {
          const query = queryOf(queue);
          expectLength(await queue.client.list(queue.org, query), length, query);
        }),
    }),
  };
}

function expectLength({ data }: Page, length: number, what: string): void {
  if (data.length !== length) throw new Error(`${what}: ${data.length} escalations instead of ${length}.`);
}

function taken<T>(things: T[]): T {
  const thing = things.pop();
  if (thing === undefined) throw new Error('There is nothing left.');
  return thing;
}

function shuffled<T>(things: readonly T[]): T[] {
  const places = things.map((thing) => ({ thing, place: Math.random() }));
  return places.sort((a, b) => a.place - b.place).map(({ thing }) => thing);
}
