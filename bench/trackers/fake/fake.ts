import { request } from 'undici';
import { freePort } from '../../../dev/stack/ports.js';
import type { Stack } from '../../stack.js';

export type TrackerName = 'jira' | 'servicenow';

/** What a tracker has been asked since it was last looked at. */
export interface Asked {
  /** How often, by operation. */
  calls: Record<string, number>;
  /** What was wrong by the tracker's documents, in sentences. */
  faults: string[];
}

export interface Fake {
  pid: number;
  /** What `POST /connections` takes. */
  connection: object;
  /**
   * @returns the calls since the last time, by operation
   * @throws Error when one was wrong: a benchmark with failures has measured nothing
   */
  calls: () => Promise<Asked['calls']>;
}

/** Starts one of the tests' trackers, in a process of its own. */
export async function startFake(stack: Stack, name: TrackerName): Promise<Fake> {
  const port = await freePort();
  const env = { PORT: String(port), TRACKER: name };
  const { pid } = await stack.start('bench/trackers/fake/server.js', env, 'is listening');
  const get = async (path: string) => (await request(`http://127.0.0.1:${port}${path}`)).body.json();
  return {
    pid,
    connection: (await get('/connection')) as object,
    async calls() {
      const { calls, faults } = (await get('/calls')) as Asked;
      if (faults.length > 0) throw new Error(`${name} was asked wrongly: ${[...new Set(faults)].join(', ')}`);
      return calls;
    },
  };
}
