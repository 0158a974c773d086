import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startShortHistoryServer } from '../support/histories-server.js';
import { eventually } from '../support/eventually.js';
import { openTicketWorkflows, type TicketUnderTest, type TicketWorkflows } from './harness.js';

/** Temporal suggests a new run after this many events of one; a drain takes about ten. */
const suggestAfterEvents = 60;

let workflows: TicketWorkflows;
let server: { address: string; close: () => Promise<void> };
beforeAll(async () => {
  server = await startShortHistoryServer(suggestAfterEvents);
  workflows = await openTicketWorkflows(server.address);
});
afterAll(async () => {
  await workflows.close();
  await server.close();
});

const runOf = async (ticket: TicketUnderTest) => (await ticket.handle.describe()).runId;

const startOf = async (ticket: TicketUnderTest) =>
  (await ticket.events()).find((event) => event.workflowExecutionStartedEventAttributes)
    ?.workflowExecutionStartedEventAttributes;

describe('a long life', () => {
  it('goes over several runs, and nobody who waits is let go before his command is applied', async () => {
    const ticket = workflows.ticket();
    const signaler = workflows.signaler();
    const runs = new Set<string>();
    const [last, at] = [40, { due: 0, applied: 0 }];
    const applying = (async () => {
      while (at.applied < last) {
        const drain = await ticket.drain();
        at.applied = at.due;
        drain.answer({ appliedSeq: at.applied });
      }
    })();
    // Scripted drains write nothing: only the workflow answers here.
    const inMongo = () => Promise.resolve(false);
    for (at.due = 1; at.due < last; at.due++) {
      await signaler.wait(ticket.link, at.due, inMongo);
      expect(at.applied).toBe(at.due);
      runs.add(await runOf(ticket));
    }
    await signaler.wait(ticket.link, last, inMongo);
    await applying;
    expect(runs.size).toBeGreaterThan(2);
  });

  it('keeps its input, its search attributes, and what its details say, in each run', async () => {
    const ticket = workflows.ticket({ lingerMs: 77_000 });
    await ticket.wake();
    const first = await runOf(ticket);
    const before = await startOf(ticket);
    while ((await runOf(ticket)) === first) {
      (await ticket.drain()).answer({ externalId: 'T-7' });
      await ticket.wake();
    }
    const attributes = { OrgId: ticket.orgId, ExternalId: 'T-7', LifecycleStatus: 'open' };
    expect(await ticket.attributes()).toMatchObject(attributes);
    const after = await startOf(ticket);
    expect(after?.input).toEqual(before?.input);
    // Temporal does not take the summary along, so the details say by themselves whose ticket it is.
    expect(await ticket.details()).toContain(ticket.subject.id);
    expect(await ticket.details()).toContain(ticket.orgId);
  });
});

describe('a tracker that is down for long', () => {
  it('does not let the history grow without an end: a new run waits on', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    (await ticket.drain()).failFor(3_600_000);
    const first = await runOf(ticket);
    await eventually(
      async () => {
        await ticket.wake();
        return runOf(ticket);
      },
      (run) => run !== first,
    );
    const next = await ticket.drain();
    expect(next.attempt).toBe(1);
    const { answer } = await ticket.sync(1);
    next.answer();
    expect(await answer).toEqual({ appliedSeq: 1, held: false });
  });

  it('lets go who waits, instead of failing the call', async () => {
    const ticket = workflows.ticket();
    const { answer } = await ticket.sync(1);
    (await ticket.drain()).failFor(3_600_000);
    const first = await runOf(ticket);
    await eventually(
      async () => {
        await ticket.wake();
        return runOf(ticket);
      },
      (run) => run !== first,
    );
    expect(await answer).toEqual({ appliedSeq: 0, held: false });
  });
});
