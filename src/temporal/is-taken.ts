import type { Client } from '@temporalio/client';

/**
 * Makes a small call of Temporal, a start or a signal, and never throws. A server that takes longer than `timeoutMs` is as
 * good as down.
 * @returns false when it was not taken; `refused` hears why
 */
export async function isTaken(
  { client, timeoutMs }: { client: Client; timeoutMs: number },
  call: () => Promise<unknown>,
  refused: (error: unknown) => void,
): Promise<boolean> {
  try {
    await client.withDeadline(Date.now() + timeoutMs, call);
    return true;
  } catch (error) {
    refused(error);
    return false;
  }
}
