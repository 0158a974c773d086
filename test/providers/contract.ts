import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/lib/provider-errors.js';
import type { TicketProvider } from '../../src/integrations/port.js';
import { closing, comment, draft, options, ref } from './drafts.js';

/** A provider, and its tracker's own word on what it holds. */
export interface ProviderHarness {
  provider: TicketProvider;
  ticketCount(): Promise<number>;
  stateOf(externalId: string): Promise<'open' | 'closed' | null>;
  /** Null for a tracker that keeps no comments. */
  commentCount: ((externalId: string) => number) | null;
  /** Makes the tracker do the next command and lose its answer; null where no answer can be lost. */
  loseNextAnswer: (() => void) | null;
  close(): Promise<void>;
}

/** What every ticket provider promises (src/integrations/port.ts). */
export function ticketProviderContract(name: string, open: () => Promise<ProviderHarness>): void {
  describe(`${name}: the contract of a ticket provider`, () => {
    let harness: ProviderHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.close());

    /** How many tickets the tracker has more after this. */
    async function made(run: () => Promise<unknown>): Promise<number> {
      const before = await harness.ticketCount();
      await run();
      return (await harness.ticketCount()) - before;
    }

    it('gives a ticket an id, and a page on the web or none', async () => {
      const ticket = await harness.provider.create(draft(), options());
      expect(ticket.externalId).toMatch(/\S/);
      if (ticket.externalUrl !== null) expect(new URL(ticket.externalUrl).protocol).toMatch(/^https?:$/);
      expect(await harness.stateOf(ticket.externalId)).toBe('open');
    });

    it('makes one ticket of a draft that comes twice', async () => {
      const same = draft();
      const count = await made(async () => {
        const first = await harness.provider.create(same, options());
        expect(await harness.provider.create(same, options())).toEqual(first);
        expect(await harness.provider.create(same, options({ repeated: true }))).toEqual(first);
      });
      expect(count).toBe(1);
    });

    it('makes one ticket of a draft that comes twice at once', async () => {
      const same = draft();
      const count = await made(async () => {
        const both = await Promise.all([1, 2].map(() => harness.provider.create(same, options())));
        expect(both[0]).toEqual(both[1]);
      });
      expect(count).toBe(1);
    });

    it('creates when a repeated draft never arrived before', async () => {
      expect(await made(() => harness.provider.create(draft(), options({ repeated: true })))).toBe(1);
    });

    it('gives thirty drafts at once thirty ids', async () => {
      const tickets = await Promise.all(Array.from({ length: 30 }, () => harness.provider.create(draft(), options())));
      expect(new Set(tickets.map((ticket) => ticket.externalId)).size).toBe(30);
    });

    it('makes one ticket when its answer was lost and the draft is sent again', async () => {
      const lost = draft();
      const count = await made(async () => {
        harness.loseNextAnswer?.();
        const failure = await harness.provider.create(lost, options()).then(
          () => null,
          (error: unknown) => error,
        );
        if (harness.loseNextAnswer) expect(failure).toMatchObject({ name: 'ProviderError', retryable: true });
        await harness.provider.create(lost, options({ repeated: true }));
      });
      expect(count).toBe(1);
    });

    it('knows a comment that comes twice', async () => {
      const of = draft();
      const { externalId } = await harness.provider.create(of, options());
      const same = comment();
      const first = await harness.provider.comment(ref(of, externalId), same, options());
      expect(await harness.provider.comment(ref(of, externalId), same, options({ repeated: true }))).toEqual(first);
      const other = await harness.provider.comment(ref(of, externalId), comment(), options());
      expect(other.externalCommentId).not.toBe(first.externalCommentId);
      if (harness.commentCount) expect(harness.commentCount(externalId)).toBe(2);
    });

    it('closes a ticket, and closes it again without complaint', async () => {
      const of = draft();
      const { externalId } = await harness.provider.create(of, options());
      const closed = await harness.provider.close(ref(of, externalId), closing('cmd_1'));
      expect(await harness.stateOf(externalId)).toBe('closed');
      expect(await harness.provider.close(ref(of, externalId), closing('cmd_1', { repeated: true }))).toEqual(closed);
      expect(await harness.provider.close(ref(of, externalId), closing('cmd_2'))).toEqual(closed);
      expect(await harness.stateOf(externalId)).toBe('closed');
    });

    it('still takes a comment on a closed ticket', async () => {
      const of = draft();
      const { externalId } = await harness.provider.create(of, options());
      await harness.provider.close(ref(of, externalId), closing('cmd_3'));
      await expect(harness.provider.comment(ref(of, externalId), comment(), options())).resolves.toBeDefined();
    });

    it('does nothing when the call is no longer wanted, and says so', async () => {
      const of = ref(draft(), 'none');
      const unwanted = options({ signal: AbortSignal.abort() });
      const calls = [
        () => harness.provider.create(of, unwanted),
        () => harness.provider.comment(of, comment(), unwanted),
        () => harness.provider.close(of, { ...closing('cmd_4'), ...unwanted }),
      ];
      const count = await made(async () => {
        for (const call of calls) {
          const error: unknown = await call().catch((caught: unknown) => caught);
          expect(error).toBeInstanceOf(ProviderError);
          expect(error).toMatchObject({ code: 'aborted', retryable: true });
        }
      });
      expect(count).toBe(0);
    });
  });
}
