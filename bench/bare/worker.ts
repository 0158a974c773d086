// The baseline's worker process, with the settings of the product's own.
import { NativeConnection, Worker } from '@temporalio/worker';
import { defaultTimings } from '../../src/config/timings.js';
import { workerSettings, workflowWorkerSettings } from '../../src/temporal/worker.js';
import { bareActivities } from './activities.js';
import { bareQueues } from './queues.js';

const { TEMPORAL_ADDRESS: address, BARE_BUNDLE: codePath } = process.env;
if (address === undefined || codePath === undefined) throw new Error('TEMPORAL_ADDRESS and BARE_BUNDLE are to be set.');

const connection = await NativeConnection.connect({ address });
const common = { ...workerSettings(defaultTimings), connection, namespace: 'default', identity: 'bare' };
const workflows = { ...workflowWorkerSettings(defaultTimings), workflowBundle: { codePath } };
const { one, two } = bareQueues;
const workers = await Promise.all([
  Worker.create({ ...common, ...workflows, taskQueue: one.workflows, activities: bareActivities }),
  Worker.create({ ...common, ...workflows, taskQueue: two.workflows }),
  Worker.create({ ...common, taskQueue: two.activities, activities: bareActivities }),
]);
const running = Promise.all(workers.map((worker) => worker.run()));
process.once('SIGTERM', () => {
  for (const worker of workers) worker.shutdown();
});
console.log('bare worker is polling');
await running;
await connection.close();
