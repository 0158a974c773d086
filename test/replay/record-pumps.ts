import { afterAll, beforeAll, it } from 'vitest';
import { startShortHistoryServer } from '../support/histories-server.js';
import { openPumpWorkflows } from '../workflows/pump-harness.js';
import { record } from './recording.js';
import { heldSignal } from '../../workflows/contracts/messages.js';

let short: { address: string; close: () => Promise<void> };
beforeAll(async () => {
  short = await startShortHistoryServer(80);
});
afterAll(() => short.close());

it('a delivery pump: its terms, another worker, and its end when fewer are wanted', async () => {
  const workflows = await openPumpWorkflows();
  workflows.want(2);
  const stop = workflows.supervisor.watch();
  const pump = workflows.pump(1);
  const first = await pump.term();
  await pump.handle.signal(heldSignal, { holder: 'worker/a', epoch: 1, since: '2026-01-01T00:00:00.000Z' });
  first.answer({ surplus: false, posted: 3 });
  (await pump.term()).failFor(1);
  (await pump.term()).answer({ surplus: false, holder: 'worker/b', epoch: 3, posted: 5 });
  const next = await pump.term();
  await record(workflows.client, pump.handle.workflowId, 'delivery-pump-pumping');
  workflows.want(1);
  next.answer({ surplus: true });
  await pump.handle.result();
  await record(workflows.client, pump.handle.workflowId, 'delivery-pump-not-wanted');
  await stop();
  await workflows.close();
});

it('a delivery pump that goes over to a new run', async () => {
  const workflows = await openPumpWorkflows(short.address);
  const stop = workflows.supervisor.watch();
  const pump = workflows.pump(0);
  let term = await pump.term();
  const { runId } = await pump.handle.describe();
  while ((await pump.handle.describe()).runId === runId) {
    term.answer();
    term = await pump.term();
  }
  await record(workflows.client, pump.handle.workflowId, 'delivery-pump-new-run', runId);
  await stop();
  await workflows.close();
});
