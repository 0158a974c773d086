import type { Client } from '@temporalio/client';

/** Of a start or a signal, which are small calls: a server that takes longer is as good as down. */
const deadlineMs = 5_000;

/** Makes a small call of Temporal, and never throws. @returns false when it was not taken; `refused` hears why */
export async function isTaken(
  client: Client,
  call: () => Promise<unknown>,
  refused: (error: unknown) => void,
): Promise<boolean> {
  try {
    await client.withDeadline(Date.now() + deadlineMs, call);
    return true;
  } catch (error) {
    refused(error);
    return false;
  }
}
