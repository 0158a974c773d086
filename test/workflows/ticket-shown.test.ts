import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { openTicketWorkflows, type TicketWorkflows } from './harness.js';

let workflows: TicketWorkflows;
beforeAll(async () => {
  workflows = await openTicketWorkflows();
});
afterAll(() => workflows.close());

describe('what an operator sees of a ticket', () => {
  it('stands as pending from the start, and says where to look while there is no ticket', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    await ticket.drain();
    expect(await ticket.attributes()).toMatchObject({ LifecycleStatus: 'pending', OrgId: ticket.orgId });
    const details = await ticket.details();
    expect(details).toContain(`evidence request \`${ticket.subject.id}\``);
    expect(details).toContain(`org \`${ticket.orgId}\``);
    expect(details).toContain('Pending Activities');
  });

  it('follows the state: the details, and what the list is filtered by', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    const states = [
      { lifecycle: 'open', externalId: 'SEC-1', appliedSeq: 1 },
      { lifecycle: 'error', externalId: 'SEC-1', appliedSeq: 2 },
      { lifecycle: 'closed', externalId: 'SEC-1', appliedSeq: 3 },
    ] as const;
    for (const state of states) {
      (await ticket.drain()).answer(state);
      await eventually(
        () => ticket.details(),
        (details) =>
          details.toLowerCase().includes(state.lifecycle) &&
          details.includes('SEC-1') &&
          details.includes(String(state.appliedSeq)),
      );
      // Their index follows a moment later.
      await expect
        .poll(() => ticket.attributes())
        .toMatchObject({
          LifecycleStatus: state.lifecycle,
          ExternalId: 'SEC-1',
          Provider: 'mock',
        });
      await ticket.wake();
    }
  });

  it('says what was last sent to the tracker and when, also while the next is on its way', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    const at = Date.UTC(2026, 10, 21, 22, 41, 7);
    (await ticket.drain()).answer({ lastSent: { kind: 'comment', at } });
    const sent = 'Last sent: a comment, applied 2026-11-21 22:41:07 UTC';
    await eventually(
      () => ticket.details(),
      (details) => details.includes(sent) && details.includes('wait for a comment'),
    );
    await ticket.wake();
    const next = await ticket.drain();
    await eventually(
      () => ticket.details(),
      (details) => details.includes(sent) && details.includes('send the due commands'),
    );
    // A worker from before this was told.
    next.answer({ appliedSeq: 2 });
    const details = await eventually(
      () => ticket.details(),
      (text) => text.includes('Commands applied: 2'),
    );
    expect(details).not.toContain('Last sent');
  });

  it('shows in the timeline for which ticket each drain was', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    (await ticket.drain()).answer({ externalId: 'SEC-1', more: true });
    await ticket.drain();
    const summaries = (await ticket.events())
      .filter((event) => event.activityTaskScheduledEventAttributes)
      .map((event) => Buffer.from(event.userMetadata?.summary?.data ?? []).toString());
    expect(summaries).toEqual([
      '"send the due commands to the tracker"',
      '"mock SEC-1: send the due commands to the tracker"',
    ]);
  });

  it('says that commands wait behind a refused create', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    (await ticket.drain()).answer({ lifecycle: 'error', held: true, externalId: null, appliedSeq: 0 });
    const details = await eventually(
      () => ticket.details(),
      (text) => text.includes('Error'),
    );
    expect(details).toContain('held');
    expect(await ticket.attributes()).not.toHaveProperty('ExternalId');
  });

  it('costs one change of the search attributes a change of the state, none otherwise', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    for (let seq = 1; seq <= 4; seq++) {
      (await ticket.drain()).answer({ appliedSeq: seq, more: true });
    }
    (await ticket.drain()).answer({ appliedSeq: 5, lifecycle: 'closed' });
    const { answer } = await ticket.sync(5);
    await answer;
    const upserts = (await ticket.events()).filter((event) => event.upsertWorkflowSearchAttributesEventAttributes);
    expect(upserts).toHaveLength(2);
  });

  it('finds the ticket by its org and its state', async () => {
    const ticket = workflows.ticket();
    const { answer } = await ticket.sync(1);
    (await ticket.drain()).answer();
    await answer;
    const count = (status: string) =>
      workflows.client.workflow.count(`OrgId = "${ticket.orgId}" AND LifecycleStatus = "${status}"`);
    await eventually(
      () => count('open'),
      ({ count: found }) => found === 1,
    );
    expect((await count('pending')).count).toBe(0);
  });

  it('shows nothing of Markdown that a tracker puts into its ids', async () => {
    const ticket = workflows.ticket();
    const { answer } = await ticket.sync(1);
    (await ticket.drain()).answer({ externalId: '`](javascript:alert(1)) **x**\n# <img src=x>' });
    await answer;
    expect(await ticket.details()).not.toMatch(/javascript:alert\(|<img|\n#|\]\(/);
  });
});
