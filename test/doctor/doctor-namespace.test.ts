import { randomBytes } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { searchAttributeNames } from '../../workflows/contracts/search-attributes.js';
import { eventually } from '../support/eventually.js';
import { openTestDatabase, type TestDatabase } from '../support/mongo.js';
import { findingIn } from './harness.js';

const namespace = `doctor-${randomBytes(4).toString('hex')}`;
/** `temporal.api.enums.v1.IndexedValueType` */
const types = { keyword: 2, int: 3 } as const;
let database: TestDatabase;
let temporal: Connection;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  [database, temporal] = await Promise.all([
    openTestDatabase(),
    Connection.connect({ address: inject('temporalAddress') }),
  ]);
  env = {
    MONGODB_URI: database.uri,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: namespace,
    ADMIN_API_KEY: 'an-admin-key-of-the-tests-01234',
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  };
});
afterAll(async () => {
  // Where the run uses an external server, the namespace would stay.
  await temporal.operatorService.deleteNamespace({ namespace });
  await temporal.close();
  await database.close();
});

test('a namespace that is not there is named, with the command that makes it', async () => {
  expect(await findingIn(env, 'temporal.namespace')).toMatchObject({
    status: 'bad',
    detail: `There is no namespace ${namespace}.`,
    todo: expect.stringContaining('temporal operator namespace create') as string,
  });
});

test('a short retention, and each search attribute that is missing, are named with what to do', async () => {
  const day = { seconds: { low: 86_400, high: 0, unsigned: false } as never };
  await temporal.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: day });
  const retention = await eventually(
    () => findingIn(env, 'temporal.retention').catch(() => null),
    (finding) => finding !== null,
  );
  expect(retention).toMatchObject({ status: 'attention', todo: expect.stringContaining('--retention 168h') as string });
  expect(retention?.detail).toContain('kept for 1 day.');
  await register(searchAttributeNames.filter((name) => name !== 'Severity').map((name) => [name, types.keyword]));
  const missing = await waitForFinding('bad', '1 search attribute is not registered: Severity');
  expect(missing.todo).toContain(`--namespace ${namespace} --name Severity --type Keyword`);
});

test('one of another type is named, and all as they should be are ok', async () => {
  await register([['Severity', types.int]]);
  await waitForFinding('bad', 'Severity is registered with another type than Keyword');
  await temporal.operatorService.removeSearchAttributes({ namespace, searchAttributes: ['Severity'] });
  await eventually(
    () => register([['Severity', types.keyword]]).catch(() => false),
    (done) => done,
  );
  await waitForFinding('ok', `All ${searchAttributeNames.length} search attributes are registered.`);
});

async function register(attributes: [string, number][]): Promise<boolean> {
  const searchAttributes = Object.fromEntries(attributes);
  await eventually(
    async () => {
      await temporal.operatorService.addSearchAttributes({ namespace, searchAttributes }).catch(() => undefined);
      const { customAttributes } = await temporal.operatorService.listSearchAttributes({ namespace });
      return attributes.every(([name]) => customAttributes[name] !== undefined);
    },
    (isThere) => isThere,
  );
  return true;
}

const waitForFinding = (status: string, text: string) =>
  eventually(
    () => findingIn(env, 'temporal.search_attributes'),
    (finding) => finding.status === status && finding.detail.includes(text),
  );
