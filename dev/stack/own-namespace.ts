import { searchAttributes } from './search-attributes.js';

// The embedded server's namespace over its HTTP API: the gRPC client takes half a second of CPU to load and to make its first call.

const retentionSeconds = 7 * 24 * 60 * 60;

/** @throws Error while the server does not answer, or does not know the namespace */
export async function askForNamespace(httpPort: number, namespace: string): Promise<void> {
  await call(httpPort, namespace);
}

/**
 * Sets the retention of closed workflows to 7 days.
 * @returns whether the namespace has the search attributes; those of one that is older than they are need `prepareNamespace`
 */
export async function prepareOwnNamespace(httpPort: number, namespace: string): Promise<boolean> {
  const retention = `${retentionSeconds}s`;
  const { config } = (await call(httpPort, namespace)) as { config: { workflowExecutionRetentionTtl?: string } };
  if (config.workflowExecutionRetentionTtl !== retention) {
    await call(httpPort, `${namespace}/update`, { config: { workflowExecutionRetentionTtl: retention } });
  }
  const { customAttributes = {} } = (await call(httpPort, `${namespace}/search-attributes`)) as {
    customAttributes?: Record<string, string>;
  };
  return searchAttributes.every((name) => Object.hasOwn(customAttributes, name));
}

async function call(port: number, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/namespaces/${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(2_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Temporal answers ${response.status} for the namespace: ${text.slice(0, 200)}`);
  return JSON.parse(text);
}
