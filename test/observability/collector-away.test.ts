import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../dev/stack/ports.js';
import { openTrackedProcesses, type Tracked } from '../e2e/support/tracked.js';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import type { ApiProcess, Process, ProductProcesses } from '../support/product-processes.js';

let tracked: Tracked<ProductProcesses>;
let api: ApiProcess;
let worker: Process;

beforeAll(async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`;
  tracked = await openTrackedProcesses({
    OTEL_EXPORTER_OTLP_ENDPOINT: nobody,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  });
  [api, worker] = await Promise.all([tracked.product.startApi(), tracked.product.startWorker()]);
});
afterAll(() => tracked.close());

const warnings = (one: Process) => one.log().split('could not be sent to the OTLP collector').length - 1;

it('A collector that is away fails nothing: tickets are made, a line a minute says what is lost, and both processes stop', async () => {
  const org = await makeOrg(api.admin);
  for (let count = 0; count < 3; count++) {
    const { path } = await makeEvidenceRequest(api.admin, org.path);
    expect((await api.admin.post(`${path}/ticket`)).status).toBe(201);
  }
  for (const one of [api, worker]) {
    await eventually(
      () => Promise.resolve(warnings(one)),
      (count) => count > 0,
    );
  }
  expect([warnings(api), warnings(worker)]).toEqual([1, 1]);
  expect(tracked.tracker.tickets()).toHaveLength(3);
  expect(await Promise.all([api.stop(), worker.stop()])).toEqual([0, 0]);
});
