import { describe, expect, it } from 'vitest';
import { checkIfMatch, etagOf } from '../../../src/http/etag.js';

describe('If-Match', () => {
  it.each([undefined, '*', ' * ', '"3"', '"1", "3"', '"1","3"'])('%s lets a write of version 3 through', (header) => {
    expect(() => checkIfMatch(header, 3)).not.toThrow();
  });

  it.each(['"2"', 'W/"3"', '3', '"33"', '', '"1", "2"'])('%s refuses it', (header) => {
    expect(() => checkIfMatch(header, 3)).toThrow(
      expect.objectContaining({ status: 412, code: 'precondition_failed' }),
    );
  });

  it('takes what an answer gave', () => {
    expect(() => checkIfMatch(etagOf(0), 0)).not.toThrow();
  });
});
