import { Client, Connection } from '@temporalio/client';
import { afterAll, inject } from 'vitest';

/** A look into Temporal; closed when the file has ended. @param addressOf asked at the first use; the run's Temporal by default */
export function temporalClient(addressOf = () => inject('temporalAddress')): () => Promise<Client> {
  let opened: Promise<{ client: Client; connection: Connection }> | undefined;
  afterAll(async () => {
    await (await opened)?.connection.close();
  });
  const open = async () => {
    const connection = await Connection.connect({ address: addressOf() });
    return { connection, client: new Client({ connection }) };
  };
  return async () => (await (opened ??= open())).client;
}

/** Whether a workflow has ended: after that nothing more comes of it. */
export async function hasEnded(client: Client, workflowId: string): Promise<boolean> {
  const { status } = await client.workflow.getHandle(workflowId).describe();
  return status.name !== 'RUNNING';
}
