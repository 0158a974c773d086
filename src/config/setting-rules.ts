/** A Jira project's key: it goes into searches, so nothing else may be in it. */
export const projectKey = /^[A-Za-z][A-Za-z0-9_]{0,254}$/;

/** A ServiceNow table's name: it goes into paths and queries. */
export const tableName = /^[a-z0-9_]{1,80}$/;

/** How often trackers are asked for what no webhook brought. */
export const pollSeconds = { min: 5, default: 300, max: 86_400 } as const;

/** What a worker process does, each by the task queue that it polls (`workflows/contracts/task-queues.ts`). */
export const workerRoles = ['lifecycles', 'providers', 'urgent', 'pumps'] as const;
export type WorkerRole = (typeof workerRoles)[number];
