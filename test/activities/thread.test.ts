import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { page } from '../../src/http/paging.js';
import type { CommentDoc } from '../../src/tickets/comments/model.js';
import { readCursor, readThread, threadCursor } from '../../src/tickets/comments/thread.js';
import { openDrains, type Drains } from './harness.js';

let drains: Drains;
beforeAll(async () => {
  drains = await openDrains();
});
afterAll(() => drains.close());

let subjects = 0;

function commentDoc(subjectId: string, [time, seq, sub]: readonly [number, number, number], index: number): CommentDoc {
  return {
    _id: `cmt_${subjectId}_${String(index * 7919).padStart(6, '0')}`,
    org_id: 'acme',
    subject: { type: 'evidence_request', id: subjectId },
    link_id: null,
    source: 'internal',
    author: 'Ann',
    body: `${time}/${seq}/${sub}`,
    external_comment_id: null,
    sync_state: null,
    at: new Date(Date.UTC(2026, 0, 1) + time),
    seq,
    sub,
    edited_at: null,
    earlier: [],
  };
}

/** Reads a thread page by page, with the cursor as a caller has it: a text. */
async function readAll(subjectId: string, limit: number): Promise<CommentDoc[]> {
  const subject = { type: 'evidence_request', id: subjectId } as const;
  const all: CommentDoc[] = [];
  let cursor: string | null = null;
  do {
    const found = await readThread(drains.store.comments, 'acme', subject, limit, readCursor(cursor ?? undefined));
    const { data, next_cursor }: { data: CommentDoc[]; next_cursor: string | null } = page(found, limit, threadCursor);
    expect(data.length).toBeLessThanOrEqual(limit);
    all.push(...data);
    cursor = next_cursor;
  } while (cursor !== null);
  return all;
}

const place = (comment: CommentDoc) => threadCursor(comment);

function isBefore(one: CommentDoc, other: CommentDoc): boolean {
  const [a, b] = [place(one), place(other)];
  const index = a.findIndex((value, at) => value !== b[at]);
  const [left, right] = [a[index], b[index]];
  return left !== undefined && right !== undefined && left < right;
}

describe('a thread', () => {
  it('comes page by page in its order: nothing twice, nothing missing, however its places coincide', async () => {
    const few = fc.integer({ min: 0, max: 2 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(few, few, few), { maxLength: 25 }),
        fc.integer({ min: 1, max: 7 }),
        async (places, limit) => {
          const subjectId = `er_${++subjects}`;
          const written = places.map((at, index) => commentDoc(subjectId, at, index));
          await drains.store.comments.insertMany(written);
          const read = await readAll(subjectId, limit);
          expect(read.map(({ _id }) => _id).sort()).toEqual(written.map(({ _id }) => _id).sort());
          read.slice(1).forEach((comment, index) => {
            const before = read[index];
            expect(before !== undefined && isBefore(before, comment)).toBe(true);
          });
        },
      ),
      { numRuns: 20 },
    );
  });

  it('gives a later page what was added behind the first one, and nothing that was there before twice', async () => {
    const subjectId = `er_${++subjects}`;
    const subject = { type: 'evidence_request', id: subjectId } as const;
    const first = [0, 1, 2].map((time) => commentDoc(subjectId, [time, 0, 0], time));
    await drains.store.comments.insertMany(first);
    const found = await readThread(drains.store.comments, 'acme', subject, 2, null);
    const { next_cursor } = page(found, 2, threadCursor);
    await drains.store.comments.insertMany([commentDoc(subjectId, [9, 0, 0], 9)]);
    const rest = await readThread(drains.store.comments, 'acme', subject, 2, readCursor(next_cursor ?? undefined));
    expect(rest.map(({ body }) => body)).toEqual(['2/0/0', '9/0/0']);
  });

  it('is its org’s and its subject’s alone', async () => {
    const subjectId = `er_${++subjects}`;
    await drains.store.comments.insertMany([commentDoc(subjectId, [0, 0, 0], 0)]);
    const read = (org: string, type: 'evidence_request' | 'escalation') =>
      readThread(drains.store.comments, org, { type, id: subjectId }, 10, null);
    expect(await read('other', 'evidence_request')).toEqual([]);
    expect(await read('acme', 'escalation')).toEqual([]);
    expect(await read('acme', 'evidence_request')).toHaveLength(1);
  });
});
