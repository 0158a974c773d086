import { setTimeout as sleep } from 'node:timers/promises';
import type { EscalationList } from '../../escalations/list.js';

const everyMs = 5_000;
const longestMs = 30 * 60_000;
const most = 100;

/**
 * How many escalations are newer than the first that a page shows, whenever that changes. It ends after half an hour; a page that is
 * still open asks again.
 * @param after the id of the newest that is shown; empty when none is
 */
export async function* newEscalations(
  list: EscalationList,
  orgId: string,
  after: string,
): AsyncGenerator<{ event: string; data: string }> {
  const endsAt = Date.now() + longestMs;
  let told = 0;
  while (Date.now() < endsAt) {
    const { data } = await list(orgId, { limit: most });
    const count = data.filter(({ _id }) => _id > after).length;
    if (count !== told) {
      told = count;
      yield { event: 'count', data: String(count) };
    }
    await sleep(everyMs);
  }
}
