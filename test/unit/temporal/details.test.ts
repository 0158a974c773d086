import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeDrain, describeTicket } from '../../../workflows/ticket/details.js';
import type { DrainResult } from '../../../workflows/contracts/ticket.js';

const input = { orgId: 'acme', linkId: 'tkt_1', subject: { type: 'evidence_request', id: 'er_1' }, lingerMs: 1 };
const result: DrainResult = {
  appliedSeq: 3,
  held: false,
  more: false,
  lifecycle: 'open',
  provider: 'jira',
  externalId: 'SEC-1',
};

const hostile = [
  '`](javascript:alert(1))',
  '**bold** <img src=x onerror=alert(1)>',
  'a\n\n# A heading of theirs',
  '![](https://evil.example/pixel)',
  '[click](https://evil.example)',
  '\u202eDESREVER\u0000',
  'x'.repeat(10_000),
];

describe('the details of a ticket’s workflow', () => {
  it.each(['pending', 'open', 'closed', 'error', 'unlinked'] as const)(
    'say of one that is %s what it is, whose, where it stands, and what is next',
    (lifecycle) => {
      const text = describeTicket(input, { ...result, lifecycle }, false);
      expect(text.toLowerCase()).toContain(lifecycle);
      for (const part of ['SEC-1', 'jira', 'evidence request `er_1`', 'org `acme`', '**Next:**', '3'])
        expect(text).toContain(part);
    },
  );

  it.each([
    ['create', 'the opening'],
    ['comment', 'a comment'],
    ['close', 'the closing'],
  ] as const)('say of %s that it was sent last, and when', (kind, expected) => {
    const at = Date.UTC(2026, 10, 21, 22, 41, 7, 999);
    const text = describeTicket(input, { ...result, lastSent: { kind, at } }, true);
    expect(text).toContain(`Last sent: ${expected}, applied 2026-11-21 22:41:07 UTC.`);
  });

  it('say nothing of what was sent last when a drain did not tell, as in old histories', () => {
    expect(describeTicket(input, result, false)).not.toContain('Last sent');
  });

  it('say before the first drain what is being done, and where its tries are to be seen', () => {
    const text = describeTicket(input, undefined, true);
    for (const part of ['`er_1`', '`acme`', 'Pending Activities']) expect(text).toContain(part);
  });

  it.each(hostile)('show of a hostile id only what is harmless: %j', (externalId) => {
    const text = describeTicket(input, { ...result, externalId }, false);
    const plain = describeTicket(input, { ...result, externalId: 'ID' }, false);
    expect(text.split('\n')).toHaveLength(plain.split('\n').length);
    expect(text.match(/`/g)).toHaveLength(plain.match(/`/g)?.length ?? 0);
    expect(text).not.toMatch(/[<>[\]()!\u202e]|\p{Cc}(?<!\n)/u);
    expect(text.length).toBeLessThan(plain.length + 110);
    expect(describeDrain({ ...result, externalId })).toMatch(/^[\w .:#/?-]+$/);
  });

  it('are never broken by any id that a tracker could think of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (externalId) => {
        const line = describeDrain({ ...result, externalId });
        expect(line).toMatch(/^[\w .:#/?-]+$/);
        expect(line.length).toBeLessThan(170);
      }),
      { numRuns: 50 },
    );
  });
});
