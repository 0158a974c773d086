import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { Running } from '../../dev/process/child.js';
import { dataConverter } from '../../src/temporal/data-converter.js';
import type { Contender } from '../rounds.js';
import type { Stack } from '../stack.js';
import { bareQueues } from './queues.js';
import type { bare } from './workflow.js';

export interface Bare {
  /** A bare workflow with one activity on its own queue. */
  oneQueue: Contender;
  /** The same with the activity on another queue. */
  twoQueues: Contender;
  worker: Running;
  close: () => Promise<void>;
}

/** The baseline: what Temporal itself takes for one workflow with one activity, driven by a plain client. */
export async function startBare(stack: Stack): Promise<Bare> {
  const bundle = path.join(stack.folder, 'bare-bundle.js');
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./workflow.js', import.meta.url)),
    failureConverterPath: dataConverter.failureConverterPath,
    logger: new DefaultLogger('WARN'),
  });
  writeFileSync(bundle, code);
  const worker = await stack.start('bench/bare/worker.js', { BARE_BUNDLE: bundle }, 'bare worker is polling');
  const connection = await Connection.connect({ address: stack.temporalAddress });
  const client = new Client({ connection, dataConverter });

  const contender = (name: string, queues: { workflows: string; activities: string }): Contender => ({
    name,
    prepare: () =>
      Promise.resolve(() =>
        client.workflow.execute<typeof bare>('bare', {
          workflowId: `bare/${randomUUID()}`,
          taskQueue: queues.workflows,
          args: [queues.activities],
        }),
      ),
  });
  return {
    oneQueue: contender('bare workflow, one activity', bareQueues.one),
    twoQueues: contender('  the same, on two queues', bareQueues.two),
    worker,
    close: () => connection.close(),
  };
}
