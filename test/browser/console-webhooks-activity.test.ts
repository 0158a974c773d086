import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureIndexes } from '../../src/db/indexes.js';
import { newId } from '../../src/lib/ids.js';
import { createActivity, type Activity } from '../../src/webhooks/activity/activity.js';
import { createActivities } from '../../src/webhooks/activity/kept.js';
import type { AttemptDoc, DeliveryDoc } from '../../src/webhooks/deliveries/model.js';
import { openTestDatabase, type TestDatabase } from '../support/mongo.js';

const hourMs = 3_600_000;

let database: TestDatabase;
let models: TestDatabase['models'];
beforeAll(async () => {
  database = await openTestDatabase();
  ({ models } = database);
  await ensureIndexes(database.connection);
});
afterAll(() => database.close());

/** The middle of a clock's hour. */
const now = new Date(Math.floor(Date.now() / hourMs) * hourMs - hourMs / 2);
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * hourMs);
const activity = (id: string, more = {}) => createActivity({ ...models, now: () => now, ...more })(id);

interface Try {
  at: Date;
  ms: number;
  code: number | null;
}

/** A delivery with these tries, as pumps leave it. */
async function delivered(endpoint_id: string, status: DeliveryDoc['status'], cameAt: Date, tries: readonly Try[]) {
  const _id = newId('dlv', cameAt.getTime());
  await models.deliveries.create({
    ...{ _id, org_id: 'org', endpoint_id, event_id: newId('evt', cameAt.getTime()), event_type: 'event.created' },
    ...{ partition: 0, status, attempts: tries.length, failures: 0, trigger: 'automatic', created_at: cameAt },
    settled_at: status === 'retrying' ? null : tries.at(-1)?.at,
  });
  const docs = tries.map(({ at, ms: duration_ms, code: response_code }, index): AttemptDoc => {
    const error = response_code === 200 ? null : 'In vain.';
    const input = { trigger: 'automatic', response_code, duration_ms, error, response_body: '' } as const;
    return { _id: `${_id}/${index + 1}`, delivery_id: _id, number: index + 1, at, ...input };
  });
  await models.attempts.insertMany(docs);
}

const once = (at: Date, code: number, ms = 10): Try[] => [{ at, ms, code }];
/** By how many hours ago. */
const shape = ({ hours }: Activity) =>
  [...hours]
    .reverse()
    .flatMap(({ succeeded, failed }, ago) => (succeeded + failed > 0 ? [[ago, succeeded, failed]] : []));

describe('the activity of an endpoint', () => {
  it('is its tries by the hour, whenever the event came, and nobody else’s', async () => {
    const id = newId('wh');
    await delivered(id, 'succeeded', hoursAgo(2), once(hoursAgo(2), 200));
    await delivered(id, 'succeeded', hoursAgo(5), [
      { at: hoursAgo(5), ms: 20, code: 500 },
      { at: hoursAgo(3), ms: 30, code: 200 },
    ]);
    await delivered(id, 'retrying', hoursAgo(40), [
      { at: hoursAgo(40), ms: 9_000, code: 500 },
      { at: hoursAgo(1), ms: 40, code: null },
    ]);
    await delivered(id, 'failed', hoursAgo(30), once(hoursAgo(30), 500));
    await delivered(newId('wh'), 'succeeded', hoursAgo(2), once(hoursAgo(2), 200));
    const found = await activity(id);
    expect(found.hours).toHaveLength(24);
    expect(shape(found)).toEqual([
      [1, 0, 1],
      [2, 1, 0],
      [3, 1, 0],
      [5, 0, 1],
    ]);
    // What took nine seconds is no longer of the day.
    expect(found).toMatchObject({ succeeded: 2, failed: 2, p95Ms: 40, isRough: false });
  });

  it('of nothing is nothing', async () => {
    const found = await activity(newId('wh'));
    expect(found).toMatchObject({ succeeded: 0, failed: 0, p95Ms: null, isRough: false });
  });

  it('says what 95 of 100 tries were quicker than', async () => {
    const id = newId('wh');
    const durations = Array.from({ length: 20 }, (_, n) => n + 1);
    for (const ms of durations) await delivered(id, 'succeeded', hoursAgo(1), once(hoursAgo(1), 200, ms));
    expect((await activity(id)).p95Ms).toBe(19);
  });

  it('of a busy one is complete: past what is read, its deliveries are counted by how they ended', async () => {
    const id = newId('wh');
    for (const [hours, count] of [
      [1, 3],
      [4, 5],
      [9, 2],
    ] as const) {
      for (let n = 0; n < count; n++) {
        const at = new Date(hoursAgo(hours).getTime() + n);
        await delivered(id, 'succeeded', at, once(at, 200));
        await delivered(id, 'failed', at, once(at, 500));
      }
    }
    const found = await activity(id, { maxRead: 4 });
    expect(shape(found)).toEqual([
      [1, 3, 3],
      [4, 5, 5],
      [9, 2, 2],
    ]);
    expect(found.isRough).toBe(true);
  });
});

describe('activities', () => {
  it('are read once for all who ask at a time, a few at once, and kept for a moment', async () => {
    let [running, max, reads] = [0, 0, 0];
    const activitiesOf = createActivities(async () => {
      reads++;
      max = Math.max(max, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return { hours: [], succeeded: reads, failed: 0, p95Ms: null, isRough: false };
    });
    const ids = Array.from({ length: 12 }, (_, n) => `wh_${n}`);
    const [one, other] = await Promise.all([activitiesOf(ids, 0), activitiesOf(ids, 0)]);
    expect([reads, max]).toEqual([12, 4]);
    expect([...other]).toEqual([...one]);
    await activitiesOf(ids, 60_000);
    expect(reads).toBe(12);
  });

  it('that could not be read are asked for again', async () => {
    let isDown = true;
    const activitiesOf = createActivities(() =>
      isDown
        ? Promise.reject(new Error('down'))
        : Promise.resolve({ hours: [], succeeded: 1, failed: 0, p95Ms: null, isRough: false }),
    );
    await expect(activitiesOf(['wh_1'], 0)).rejects.toThrow('down');
    isDown = false;
    expect((await activitiesOf(['wh_1'], 0)).get('wh_1')?.succeeded).toBe(1);
  });
});
