import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutbox } from '../../src/notifications/approvals/outbox/outbox.js';
import { defaultTimings } from '../../src/config/timings.js';
import { dueNotifications } from '../../src/escalations/due-notifications.js';
import { createEscalationStore } from '../../src/escalations/store.js';
import { budgetReached } from '../support/notifications.js';
import { ago, openDispatch, type Dispatch } from './harness.js';

let dispatch: Dispatch;
beforeAll(async () => {
  dispatch = await openDispatch();
});
afterAll(() => dispatch.close());

async function open() {
  await dispatch.clear();
  const { notifications } = dispatch.models;
  await notifications.createIndexes();
  await notifications.deleteMany({});
  const channels = () =>
    Promise.resolve([
      { id: 'chn_1', type: 'slack' as const },
      { id: 'chn_2', type: 'teams' as const },
    ]);
  const timings = defaultTimings;
  const outbox = createOutbox({ notifications, notifier: { channels }, timings });
  const round = dueNotifications({
    outbox,
    escalations: createEscalationStore(dispatch.escalations, timings),
    signaler: { wake: ({ _id }) => Promise.resolve(dispatch.woken.push(_id) > 0 && dispatch.temporal.isUp) },
    startBudgetAlert: ({ orgId, eventId }) =>
      Promise.resolve(dispatch.noticed.push(`${orgId} ${eventId}`) > 0 && dispatch.temporal.isUp),
    timings,
  });
  return {
    outbox,
    runRound: () => round.round(new AbortController().signal),
    /** Something to tell two channels of, which nobody has been at for so long. */
    put: async (key: string, unattendedForMs: number) => {
      await outbox.put({ ...budgetReached(), key, moment: 'budget' }, { seq: 1, severity: null });
      const ring_after = ago(unattendedForMs - 2 * 60_000);
      await notifications.updateMany({ subject_id: key }, { $set: { ring_after } });
    },
    settle: async (key: string) => {
      for (const channelId of ['chn_1', 'chn_2']) {
        const due = await outbox.next({ orgId: 'acme', subjectId: key, channelId });
        if (due) await outbox.settle(due, 'sent');
      }
    },
  };
}

describe('a notification that nobody is at', () => {
  it('has its escalation’s workflow woken, or its notice started, once in a while', async () => {
    const { put, runRound } = await open();
    const [escalation = ''] = await dispatch.dueEscalations(1);
    await put(escalation, 3 * 60_000);
    await put('evt_budget', 3 * 60_000);
    await runRound();
    await runRound();
    expect(dispatch.woken).toEqual([escalation]);
    expect(dispatch.noticed).toEqual(['acme evt_budget']);
  });

  it('is left to its workflow while it is fresh, and forgotten when it is settled', async () => {
    const { put, runRound, settle } = await open();
    await put('evt_fresh', 60_000);
    await put('evt_told', 3 * 60_000);
    await settle('evt_told');
    await runRound();
    expect(dispatch.noticed).toEqual([]);
  });

  it('is woken by one of several dispatchers, and again when Temporal was down', async () => {
    const { put, runRound } = await open();
    await put('evt_1', 3 * 60_000);
    dispatch.temporal.isUp = false;
    const waits = await Promise.all([runRound(), runRound()]);
    expect(dispatch.noticed).toEqual(['acme evt_1']);
    expect(waits.filter((wait) => wait !== undefined)).toHaveLength(1);
    dispatch.temporal.isUp = true;
    await put('evt_1', 3 * 60_000);
    await runRound();
    expect(dispatch.noticed).toHaveLength(2);
  });
});
