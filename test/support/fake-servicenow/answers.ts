import type { Served } from '../fake-service.js';
import type { Habit } from '../fake-tracker/habits.js';

/** An error in ServiceNow's own form. */
export const refusal = (status: number, message: string, detail: string | null, faults: string[] = []): Served => ({
  status,
  body: { error: { message, detail }, status: 'failure' },
  faults,
});

export const noRecord = (): Served =>
  refusal(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");

export const dataPolicy = (why: string): Served => refusal(403, 'Operation Failed', `Data Policy Exception: ${why}`);

const notAuthenticated = {
  error: { message: 'User Not Authenticated', detail: 'Required to provide Auth information' },
  status: 'failure',
};

export const notAuthenticatedAnswer = (): Served => ({ status: 401, body: notAuthenticated, faults: [] });

/** A habit: 401, whatever the credentials. */
export const unauthenticated = (): Habit => ({ kind: 'status', status: 401, body: notAuthenticated });

/** A habit: over an inbound limit, with the headers that an instance sends. */
export const rateLimited = (retryAfterSeconds: number): Habit => ({
  kind: 'status',
  status: 429,
  headers: {
    'retry-after': String(retryAfterSeconds),
    'x-ratelimit-limit': '500',
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + retryAfterSeconds),
    'x-ratelimit-rule': 'Integration user, 500 an hour',
  },
  body: { error: { message: 'Rate limit exceeded', detail: 'Rejected by rate limiting' }, status: 'failure' },
});
