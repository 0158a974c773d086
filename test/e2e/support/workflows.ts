import { Client, Connection } from '@temporalio/client';
import { afterAll, inject } from 'vitest';

/** A look into the run's Temporal; closed when the file has ended. */
export function temporalClient(): () => Promise<Client> {
  let opened: Promise<{ client: Client; connection: Connection }> | undefined;
  afterAll(async () => {
    await (await opened)?.connection.close();
  });
  const open = async () => {
    const connection = await Connection.connect({ address: inject('temporalAddress') });
    return { connection, client: new Client({ connection }) };
  };
  return async () => (await (opened ??= open())).client;
}

/** Whether a workflow has ended: after that nothing more comes of it. */
export async function hasEnded(client: Client, workflowId: string): Promise<boolean> {
  const { status } = await client.workflow.getHandle(workflowId).describe();
  return status.name !== 'RUNNING';
}
