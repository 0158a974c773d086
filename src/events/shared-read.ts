import { setImmediate as restOfTurn } from 'node:timers/promises';

/**
 * Reads once for all who ask at the same moment, or while another read of that key is under way. Nobody gets what a read
 * saw that had begun before they asked: it is as fresh as a read of their own.
 */
export function createSharedRead<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const underWay = new Map<string, Promise<unknown>>();
  const next = new Map<string, Promise<T>>();

  async function readNext(key: string): Promise<T> {
    await (underWay.get(key) ?? restOfTurn());
    next.delete(key);
    const reading = read(key);
    const ended = reading
      .catch(() => undefined)
      .finally(() => {
        if (underWay.get(key) === ended) underWay.delete(key);
      });
    underWay.set(key, ended);
    return reading;
  }

  return (key) => {
    const known = next.get(key);
    if (known) return known;
    const reading = readNext(key);
    next.set(key, reading);
    return reading;
  };
}
