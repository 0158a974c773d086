import { condition } from '@temporalio/workflow';
import type { Sync, Synced } from '../contracts/messages.js';
import type { DrainResult } from '../contracts/ticket.js';

/**
 * The callers that wait for a command. A drain answers those who came before it began; a caller that has stopped
 * listening is let go when the next one comes, since a workflow holds few updates in flight.
 */
export function createWaiters() {
  let appliedSeq = 0;
  let held = false;
  let begun = 0;
  let answered = -1;
  let everyoneLeaves = false;
  const listening = new Set<{ seq: number; drainNumber: number; until: number; gone: boolean }>();

  return {
    async wait({ seq, waitMs }: Sync): Promise<Synced> {
      const now = Date.now();
      for (const other of listening) if (other.until <= now) other.gone = true;
      // The drain that is under way may have looked before this command was there: the next one answers for sure.
      const self = { seq, drainNumber: begun + 1, until: now + waitMs, gone: false };
      listening.add(self);
      await condition(() => everyoneLeaves || self.gone || appliedSeq >= seq || (held && answered >= self.drainNumber));
      listening.delete(self);
      return { appliedSeq, held };
    },

    /** Whether somebody waits for what no drain has looked at. */
    isAsked(): boolean {
      return [...listening].some((one) => one.seq > appliedSeq && one.drainNumber > answered);
    },

    /** A drain begins. @returns its turn */
    begin(): number {
      begun += 1;
      return begun;
    },

    end(drainNumber: number, result: DrainResult): void {
      answered = drainNumber;
      appliedSeq = result.appliedSeq;
      held = result.held;
    },

    /** Nobody will be answered any more. */
    releaseAll(): void {
      everyoneLeaves = true;
    },
  };
}
