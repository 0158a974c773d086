import type { Client } from '@temporalio/client';

/**
 * Makes a short call of Temporal, such as a start or a signal, and never throws. An answer that takes longer than `timeoutMs`
 * counts as a failure.
 * @returns false when Temporal did not accept the call; `refused` is called with the reason
 */
export async function trySend(
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
