/**
 * Calls `work` for each item, up to `atOnce` at a time, until one call resolves to false; no more are started after that.
 * @returns whether every call resolved to true
 * @throws the first error, once the calls in progress have ended
 */
export async function mapConcurrent<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<boolean>,
): Promise<boolean> {
  const rest = items.values();
  let goesOn = true;
  const worker = async () => {
    for (const item of rest) {
      if (!goesOn) return;
      try {
        if (!(await work(item))) goesOn = false;
      } catch (error) {
        goesOn = false;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  const failure = ended.find((one) => one.status === 'rejected');
  if (failure) throw failure.reason;
  return goesOn;
}
