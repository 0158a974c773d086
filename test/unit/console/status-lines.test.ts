import { expect, it } from 'vitest';
import { parseStatusMap } from '../../../src/console/connections/maps.js';

it('splits a line of statuses at its last sign', () => {
  expect(parseStatusMap(' In progress = open \n\nDone: yes = accepted\nA: open')).toEqual({
    'In progress': 'open',
    'Done: yes': 'accepted',
    A: 'open',
  });
});

it.each(['no sign', '= open', ': open', 'a = open\na = accepted'])('refuses %j', (text) => {
  expect(() => parseStatusMap(text)).toThrow();
});
