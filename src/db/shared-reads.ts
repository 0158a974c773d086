import { setImmediate as restOfTick } from 'node:timers/promises';

/**
 * Reads once for all who ask at the same moment, or while another read is under way, whatever they ask for. Nobody gets what a read
 * saw that had begun before they asked: it is as fresh as a read of their own.
 * @param readAll reads the values of all these keys; one that it leaves out has none
 */
export function createSharedReads<T>(
  readAll: (keys: string[]) => Promise<ReadonlyMap<string, T>>,
): (key: string) => Promise<T | undefined> {
  let underWay: Promise<unknown> | null = null;
  let next: { keys: Set<string>; found: Promise<ReadonlyMap<string, T>> } | null = null;

  async function readNext(keys: Set<string>): Promise<ReadonlyMap<string, T>> {
    await (underWay ?? restOfTick());
    next = null;
    const reading = readAll([...keys]);
    const ended = reading
      .catch(() => undefined)
      .finally(() => {
        if (underWay === ended) underWay = null;
      });
    underWay = ended;
    return reading;
  }

  return async (key) => {
    if (next === null) {
      const keys = new Set<string>();
      next = { keys, found: readNext(keys) };
    }
    next.keys.add(key);
    return (await next.found).get(key);
  };
}
