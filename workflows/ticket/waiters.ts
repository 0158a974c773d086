import { condition } from '@temporalio/workflow';
import type { Sync, Synced } from '../contracts/messages.js';
import type { DrainResult } from '../contracts/ticket.js';

/**
 * The callers that wait for a command. A drain answers the callers that came before it began. A caller whose time is up
 * is released when the next one comes, because Temporal limits the updates in flight per workflow.
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
      // The current drain may have read the commands before this one was stored, so only the next drain is sure to
      // include it.
      const self = { seq, drainNumber: begun + 1, until: now + waitMs, gone: false };
      listening.add(self);
      await condition(() => everyoneLeaves || self.gone || appliedSeq >= seq || (held && answered >= self.drainNumber));
      listening.delete(self);
      return { appliedSeq, held };
    },

    /** Whether a caller waits for a command that no drain has read. */
    isAsked(): boolean {
      return [...listening].some((one) => one.seq > appliedSeq && one.drainNumber > answered);
    },

    /** Marks the beginning of a drain. @returns the drain's number */
    begin(): number {
      begun += 1;
      return begun;
    },

    end(drainNumber: number, result: DrainResult): void {
      answered = drainNumber;
      appliedSeq = result.appliedSeq;
      held = result.held;
    },

    /** Releases all callers, because no later drain will answer them. */
    releaseAll(): void {
      everyoneLeaves = true;
    },
  };
}
