import { expect, it } from 'vitest';
import { fieldMap } from '../../../src/integrations/connections/maps.js';

it('refuses a field that nests more deeply than the stack allows', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 200_000; level++) deep = [deep];
  expect(fieldMap.safeParse({ customfield_1: deep }).error?.issues[0]?.message).toBe('must be 4 KiB of JSON at most');
});
