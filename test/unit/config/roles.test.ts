import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/index.js';
import { taskQueues } from '../../../workflows/contracts/task-queues.js';

const required = {
  MONGODB_URI: 'mongodb://127.0.0.1/drawbridge',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  ADMIN_API_KEY: 'a'.repeat(24),
  ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
};
const rolesOf = (WORKER_ROLES?: string) => loadConfig({ ...required, WORKER_ROLES }).workerRoles;

describe('WORKER_ROLES', () => {
  it.each([undefined, '', ' , '])('is everything by default, a queue each (%j)', (value) => {
    expect(rolesOf(value)).toEqual(Object.keys(taskQueues('')));
  });

  it('names what a worker does', () => {
    expect(rolesOf('urgent')).toEqual(['urgent']);
    expect(rolesOf('pumps, lifecycles,pumps')).toEqual(['lifecycles', 'pumps']);
  });

  it('is refused with a role that there is not, by its name', () => {
    expect(() => rolesOf('urgent,pump')).toThrow(
      'WORKER_ROLES.1 names an unknown role, pump: the roles are lifecycles, providers, urgent, pumps',
    );
  });
});
