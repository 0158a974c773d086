import { expect, it } from 'vitest';
import { maxEarlier, reviseComment } from '../../../activities/tickets/comment-edit.js';
import type { CommentDoc } from '../../../src/tickets/comments/model.js';

it('a comment that a tracker edits for ever keeps its newest earlier texts', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
  let comment = {
    source: 'external',
    author: 'Ann',
    body: 'text 0',
    at: at(0),
    external_at: at(0),
    edited_at: null,
    earlier: [],
  } as unknown as CommentDoc;
  for (let edit = 1; edit <= maxEarlier + 70; edit++) {
    const change = reviseComment(comment, { body: `text ${edit}`, at: at(edit), isEdited: true });
    comment = { ...comment, ...change };
  }
  expect(comment.body).toBe(`text ${maxEarlier + 70}`);
  expect(comment.earlier).toHaveLength(maxEarlier);
  expect(comment.earlier.at(-1)).toEqual({ body: `text ${maxEarlier + 69}`, at: at(maxEarlier + 69) });
  // An edit that comes late is older than all that is kept, and changes nothing that a reader would miss.
  const late = reviseComment(comment, { body: 'late', at: at(1), isEdited: true });
  expect(late?.earlier).toHaveLength(maxEarlier);
});
