import { afterAll, beforeAll, it } from 'vitest';
import { startShortHistoryServer } from '../support/histories-server.js';
import { hourMs, openEndpointWorkflows, releasing, settled, sick } from '../workflows/endpoint-harness.js';
import { record, runOf } from './recording.js';

let short: { address: string; close: () => Promise<void> };
beforeAll(async () => {
  short = await startShortHistoryServer(80);
});
afterAll(() => short.close());

it('sick endpoints: healed, sick again while released, disabled, deleted, cancelled, in an outage, and waiting', async () => {
  const workflows = await openEndpointWorkflows();
  const { client } = workflows;
  const start = async () => {
    const endpoint = workflows.endpoint();
    await endpoint.wake();
    return { endpoint, id: endpoint.handle.workflowId };
  };

  const healed = await start();
  (await healed.endpoint.check()).answer(sick({ nextProbeAt: Date.now() + 600 }));
  (await healed.endpoint.check()).answer(sick({ probes: 1 }));
  await healed.endpoint.wake();
  (await healed.endpoint.check()).answer(releasing(900));
  (await healed.endpoint.release()).answer(releasing(800));
  (await healed.endpoint.release()).answer(settled('healthy'));
  (await healed.endpoint.check()).answer(releasing(2));
  (await healed.endpoint.release()).answer(settled('healthy'));
  (await healed.endpoint.check()).answer(settled('healthy'));
  await healed.endpoint.handle.result();
  await record(client, healed.id, 'endpoint-healed');

  const again = await start();
  (await again.endpoint.check()).answer(releasing(900));
  (await again.endpoint.release()).answer(sick());
  await again.endpoint.wake();
  (await again.endpoint.check()).failFor(10);
  (await again.endpoint.check()).answer(sick({ probes: 1 }));
  await again.endpoint.wake();
  const checked = await again.endpoint.check();
  await record(client, again.id, 'endpoint-sick-again-and-waiting');
  checked.answer(sick({ probes: 2 }));
  await again.endpoint.handle.cancel();
  await again.endpoint.handle.result().catch(() => undefined);
  await record(client, again.id, 'endpoint-cancelled');

  const disabled = await start();
  const since = Date.UTC(2026, 0, 1);
  (await disabled.endpoint.check()).answer(sick({ failingSince: since, lastFailureAt: since + hourMs }));
  (await disabled.endpoint.disable()).answer(settled('disabled', true));
  (await disabled.endpoint.check()).answer(settled('disabled'));
  (await disabled.endpoint.check()).answer(settled('disabled'));
  await disabled.endpoint.handle.result();
  await record(client, disabled.id, 'endpoint-disabled');

  const deleted = await start();
  (await deleted.endpoint.check()).answer(settled('deleted'));
  (await deleted.endpoint.check()).answer(settled('deleted'));
  await deleted.endpoint.handle.result();
  await record(client, deleted.id, 'endpoint-deleted');
  await workflows.close();
});

it('a sick endpoint that goes over to a new run', async () => {
  const workflows = await openEndpointWorkflows(short.address);
  const { client } = workflows;
  const endpoint = workflows.endpoint();
  await endpoint.wake();
  const { workflowId } = endpoint.handle;
  const first = await runOf(client, workflowId);
  while ((await runOf(client, workflowId)) === first) {
    (await endpoint.check()).answer(sick({ probes: 1 }));
    await endpoint.wake();
  }
  await record(client, workflowId, 'endpoint-new-run', first);
  await workflows.close();
});
