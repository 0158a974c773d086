import { expect, it } from 'vitest';
import { encodeCursor } from '../../../src/http/paging.js';
import { readCursor } from '../../../src/tickets/comments/thread.js';

it('refuses a cursor with a time that no date can have', () => {
  expect(readCursor(encodeCursor([8.64e15, 1, 0, 'cmt_1']))).toEqual([8.64e15, 1, 0, 'cmt_1']);
  for (const time of [8.64e15 + 1, -8.64e15 - 1, 1.5]) {
    expect(() => readCursor(encodeCursor([time, 1, 0, 'cmt_1']))).toThrow();
  }
});
