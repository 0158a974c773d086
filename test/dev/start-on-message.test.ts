import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { projectRoot } from '../../dev/paths.js';
import { freePort } from '../../dev/stack/ports.js';
import { startOnMessage } from '../../src/start-on-message.js';
import { databaseUri } from '../support/mongo-uri.js';
import { uniqueName } from '../support/unique-name.js';

const env = {
  MONGODB_URI: databaseUri(inject('mongoUri'), uniqueName()),
  TEMPORAL_ADDRESS: inject('temporalAddress'),
  PORT: String(await freePort()),
  LOG_LEVEL: 'debug',
  ADMIN_API_KEY: 'test-admin-key-0123456789',
  ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
};

/** Resolves once the API has loaded and waits. */
async function waitingApi() {
  const api = spawnApi();
  await expect.poll(api.log, { timeout: 20_000 }).toContain('loaded');
  return api;
}

function spawnApi(): { child: ChildProcess; log: () => string; exited: Promise<unknown[]> } {
  const program = path.join(projectRoot(), 'dist/src/api.js');
  const child = spawn(process.execPath, [program, startOnMessage], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  return { child, log: () => log, exited: once(child, 'exit') };
}

test('a program that waits for a message starts with it', async () => {
  const { child, log, exited } = await waitingApi();
  expect(log().trim().split('\n')).toHaveLength(1);
  child.send('start');
  await expect.poll(log, { timeout: 20_000 }).toContain('API is listening');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test('a program starts with a message that was sent before it had loaded', async () => {
  const { child, log, exited } = spawnApi();
  child.send('start');
  await expect.poll(log, { timeout: 20_000 }).toContain('API is listening');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test.each([
  ['it is stopped', (child: ChildProcess) => child.kill('SIGTERM')],
  ['its parent is gone', (child: ChildProcess) => child.disconnect()],
])('a program that waits for a message ends quietly when %s', async (_when, end) => {
  const { child, log, exited } = await waitingApi();
  end(child);
  expect(await exited).toEqual([0, null]);
  expect(log().trim().split('\n')).toHaveLength(1);
});

test('a program that no parent can send a message to says so', async () => {
  const program = path.join(projectRoot(), 'dist/src/api.js');
  const child = spawn(process.execPath, [program, startOnMessage], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let log = '';
  child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(log).toContain('cannot go on');
});
