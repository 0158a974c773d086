import type { Model } from 'mongoose';
import { z } from 'zod';
import { createNewestFirst } from '../db/newest-first.js';
import { trusted } from '../db/schema-options.js';
import { decodeCursor, encodeCursor, page, type Page } from '../http/paging.js';
import type { EscalationDoc } from './model.js';
import type { ShownEscalation } from './presenter.js';
import { findByWord, findInQueue, newerFirst, type QueueFilter } from './queue-query.js';
import { splitTerms } from './search-terms.js';

export interface EscalationListQuery extends Omit<QueueFilter, 'orgId'> {
  limit: number;
  cursor?: string | undefined;
  q?: string | undefined;
}

export type EscalationList = ReturnType<typeof createEscalationList>;

/** How many escalations one call looks through for the beginnings of words. */
const readForBeginnings = 1_000;
/** How many tell how frequent a word is. */
const sampleSize = 100;

/** Where the page before ended, and whether its words were only the beginnings of words. */
const cursorShape = z.tuple([z.string().max(64), z.enum(['words', 'beginnings'])]);

const notShown = {
  words: 0,
  dedupe_key: 0,
  last_seq: 0,
  applied_seq: 0,
  ring_after: 0,
  rings: 0,
  acknowledged_at: 0,
} as const;

type Worded = Pick<EscalationDoc, '_id' | 'words'>;

interface Search {
  filter: QueueFilter;
  terms: string[];
  before: string | null;
  limit: number;
}

/** The queue, newest first, as filters and words narrow it. */
export function createEscalationList(escalations: Model<EscalationDoc>) {
  const newestFirst = createNewestFirst(({ _id }: { _id: string }) => _id);
  const readTerms = ({ filter, before }: Search, wanted: number) =>
    newestFirst(findInQueue<Worded>(escalations, filter, [], { words: 1 }), { list: filter.orgId, before, wanted });

  /** A frequent word is soon found in the queue; of rare ones, the rarest leads straight to what has them all. */
  async function byTerms(search: Search): Promise<ShownEscalation[]> {
    const { filter, before, limit } = search;
    const sample = await readTerms(search, sampleSize);
    const terms = search.terms
      .map((word) => ({ word, hits: sample.filter((one) => one.words.includes(word)).length }))
      .sort((a, b) => a.hits - b.hits || b.word.length - a.word.length);
    const isFrequent = terms.every(({ hits }) => hits * 20 >= sample.length);
    const find = (isFrequent ? findInQueue<ShownEscalation> : findByWord<ShownEscalation>)(
      escalations,
      filter,
      terms.map(({ word }) => word),
      notShown,
    );
    return newestFirst(find, { list: filter.orgId, before, wanted: limit + 1 });
  }

  async function byBeginnings(search: Search): Promise<Page<ShownEscalation>> {
    const { terms, limit } = search;
    const read = await readTerms(search, readForBeginnings);
    const hits = read.filter((one) => terms.every((word) => one.words.some((whole) => whole.startsWith(word))));
    const ids = hits.slice(0, limit).map(({ _id }) => _id);
    const end = hits.length > limit ? ids.at(-1) : read.length === readForBeginnings ? read.at(-1)?._id : undefined;
    const data =
      ids.length === 0
        ? []
        : await escalations.find({ _id: trusted({ $in: ids }) }, notShown).lean<ShownEscalation[]>();
    return { data: data.sort(newerFirst), next_cursor: end === undefined ? null : encodeCursor([end, 'beginnings']) };
  }

  /** @throws Problem 422 for a cursor that is none of this list */
  return async (orgId: string, asked: EscalationListQuery): Promise<Page<ShownEscalation>> => {
    const { cursor, limit, status, severity, q = '' } = asked;
    const filter = { orgId, status, severity };
    const [before, by] = cursor === undefined ? [null, 'words'] : decodeCursor(cursor, cursorShape);
    if (q.trim() === '') {
      const find = findInQueue<ShownEscalation>(escalations, filter, [], notShown);
      return pageOf(await newestFirst(find, { list: orgId, before, wanted: limit + 1 }), limit);
    }
    const terms = splitTerms(q);
    if (terms.length === 0) return { data: [], next_cursor: null };
    const search = { filter, terms, before, limit };
    if (by === 'beginnings') return byBeginnings(search);
    const found = await byTerms(search);
    return found.length === 0 && before === null ? byBeginnings(search) : pageOf(found, limit);
  };
}

const pageOf = (found: ShownEscalation[], limit: number) => page(found, limit, (last) => [last._id, 'words']);
