import type { Client } from '@temporalio/client';
import type { Connection } from 'mongoose';
import type { Timings } from '../../config/index.js';
import type { Probe } from './probe.js';

/** What the API process needs: each is asked for real. */
export function probesOf({
  mongo,
  client,
  isWorkerAlive,
  timings,
}: {
  mongo: Connection;
  client: Client;
  isWorkerAlive: () => Promise<boolean>;
  timings: Pick<Timings, 'observability'>;
}): Probe[] {
  return [
    {
      id: 'mongodb',
      async check() {
        if (!mongo.db) throw new Error('not connected');
        await mongo.db.command({ ping: 1 });
        return 'MongoDB answers.';
      },
    },
    {
      id: 'temporal',
      async check() {
        const { workflowService } = client.connection;
        await client.withDeadline(Date.now() + timings.observability.readinessTemporalMs, () =>
          workflowService.describeNamespace({ namespace: client.options.namespace }),
        );
        return 'Temporal answers.';
      },
    },
    {
      id: 'worker',
      async check() {
        if (!(await isWorkerAlive())) throw new Error('none');
        return 'A worker is polling.';
      },
    },
  ];
}
