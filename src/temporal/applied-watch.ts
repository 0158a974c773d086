import { setTimeout as delay } from 'node:timers/promises';

const firstReadMs = 25;
const everyMs = 10;
const maxReads = 40;
/** With more callers than these the looks would cost MongoDB more than they save: each relies on its workflow then. */
const maxCallers = 2;

/**
 * Lets a waiting caller go as soon as MongoDB has what it waits for: the activity writes it, and the workflow only
 * answers one task later. Only while few callers wait in this process.
 */
export function createAppliedWatch() {
  let callers = 0;

  async function poll(isSettled: () => Promise<boolean>, waiting: { isOver: boolean }): Promise<void> {
    await delay(firstReadMs);
    for (let n = 0; n < maxReads && callers <= maxCallers && !waiting.isOver; n++) {
      if (await isSettled().catch(() => false)) return;
      await delay(everyMs);
    }
    // The answer comes from the workflow.
    await new Promise<never>(() => undefined);
  }

  /** Waits for the workflow's answer, or for MongoDB to have it, whichever is first. */
  return async function waitForApplied(answered: Promise<void>, isSettled: () => Promise<boolean>): Promise<void> {
    const waiting = { isOver: false };
    callers += 1;
    await Promise.race([answered, poll(isSettled, waiting)]).finally(() => {
      waiting.isOver = true;
      callers -= 1;
    });
  };
}
