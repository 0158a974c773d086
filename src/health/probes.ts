import type { Client } from '@temporalio/client';
import type { Connection } from 'mongoose';
import type { Probe } from './probe.js';

const temporalDeadlineMs = 1_500;

/** What the API process needs: each is asked for real. */
export function probesOf(mongo: Connection, client: Client, isWorkerAlive: () => Promise<boolean>): Probe[] {
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
        await client.withDeadline(Date.now() + temporalDeadlineMs, () =>
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
