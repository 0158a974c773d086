import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import mongoose from 'mongoose';
import { taskQueues } from '../../workflows/contracts/task-queues.js';

/** Drops the databases whose names begin with a run's prefix. */
export async function removeDatabases(uri: string, prefix: string): Promise<void> {
  const client = new mongoose.mongo.MongoClient(uri);
  try {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    const names = databases.map(({ name }) => name).filter((name) => name.startsWith(prefix));
    await Promise.all(names.map((name) => client.db(name).dropDatabase()));
  } finally {
    await client.close();
  }
}

/** Deletes the Schedules and terminates the workflows of a run: no worker polls their task queues any more. */
export async function endWorkflows(address: string, prefix: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection });
    for await (const { scheduleId } of client.schedule.list()) {
      if (scheduleId.includes(`-${prefix}`)) await client.schedule.getHandle(scheduleId).delete();
    }
    await client.workflowService.startBatchOperation({
      namespace: client.options.namespace,
      jobId: randomUUID(),
      visibilityQuery: `ExecutionStatus = "Running" AND TaskQueue STARTS_WITH "${taskQueues(`-${prefix}`).lifecycles}"`,
      reason: 'The test run has ended.',
      terminationOperation: {},
    });
  } finally {
    await connection.close();
  }
}
