/**
 * Works through a list, several at a time, until one says false: then nothing more is begun.
 * @returns whether all were done
 * @throws the first error, when what was under way has ended
 */
export async function together<T>(
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
