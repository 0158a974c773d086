import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { reasonOf } from '../files.js';
import { searchAttributes } from './search-attributes.js';

export interface NamespaceOptions {
  /** TLS and API key of a server that is not ours. */
  connection?: Omit<ConnectionOptions, 'address'>;
  /** How long closed workflows are kept; 7 days by default. null leaves it as it is: another's server. */
  retentionDays?: number | null;
  deadlineMs?: number;
}

/** Temporal's number for the type Keyword (`temporal.api.enums.v1.IndexedValueType`). */
const keyword = 2;
const probeWorkflowId = 'drawbridge-setup';

/**
 * Sets the retention, registers the search attributes that are missing, and sees that a start with new ones works. May be repeated.
 * @param address `host:port`
 * @returns the names of what it registered
 * @throws Error that names what could not be done
 */
export async function prepareNamespace(
  address: string,
  namespace: string,
  options: NamespaceOptions = {},
): Promise<string[]> {
  const deadline = Date.now() + (options.deadlineMs ?? 30_000);
  const connection = await Connection.connect({ connectTimeout: 10_000, ...options.connection, address });
  try {
    return await connection.withDeadline(deadline, async () => {
      if (options.retentionDays !== null) await setRetention(connection, namespace, options.retentionDays ?? 7);
      const added = await registerMissing(connection, namespace);
      if (added.length > 0) await untilUsable(new Client({ connection, namespace }), deadline);
      return added;
    });
  } finally {
    await connection.close();
  }
}

async function setRetention(connection: Connection, namespace: string, days: number): Promise<void> {
  const seconds = days * 24 * 60 * 60;
  // The generated type asks for protobuf's Long; its encoder takes the same shape of 32-bit halves.
  const ttl = { seconds: { low: seconds, high: 0, unsigned: false } as never };
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: ttl } });
}

async function registerMissing(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributes.filter((name) => customAttributes[name] === undefined);
  if (missing.length === 0) return missing;
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
    });
  } catch (error) {
    throw new Error(`The search attributes ${missing.join(', ')} cannot be registered: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  return missing;
}

/** Each of the server's parts learns of a registration in its own time: a start that the list then finds has passed all of them. */
async function untilUsable(client: Client, deadline: number): Promise<void> {
  const value = `${probeWorkflowId}-${Date.now()}`;
  const query = searchAttributes.map((name) => `${name} = "${value}"`).join(' AND ');
  await retry(deadline, async () => {
    await client.workflow.start(probeWorkflowId, {
      workflowId: probeWorkflowId,
      taskQueue: probeWorkflowId,
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      workflowExecutionTimeout: '1 minute',
      typedSearchAttributes: searchAttributes.map((name) => ({
        key: defineSearchAttributeKey(name, 'KEYWORD'),
        value,
      })),
    });
  });
  await retry(deadline, async () => {
    if ((await client.workflow.count(query)).count === 0) throw new Error('A start with them is not listed yet.');
  });
  await removeProbe(client);
}

/** Its traces only disturb the reader of the list; a server that will not delete has them gone with the retention. */
async function removeProbe(client: Client): Promise<void> {
  const execution = { workflowId: probeWorkflowId };
  try {
    await client.workflow.getHandle(probeWorkflowId).terminate('The search attributes work.');
    await client.workflowService.deleteWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution: execution,
    });
  } catch {
    // See above.
  }
}

async function retry(deadline: number, step: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await step();
      return;
    } catch (error) {
      if (Date.now() + 200 > deadline) {
        throw new Error(`The search attributes are registered, but not usable in time: ${reasonOf(error)}`, {
          cause: error,
        });
      }
      await delay(200);
    }
  }
}
