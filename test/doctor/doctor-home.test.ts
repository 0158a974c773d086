import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLocalMongo, openLocalTemporal } from '../support/local-servers.js';

test('with nothing set it looks at what a start runs from its home, and prints none of its keys', async () => {
  const home = temporaryHome();
  const [mongo, temporal] = await Promise.all([openLocalMongo(), openLocalTemporal()]);
  onTestFinished(async () => {
    await Promise.all([mongo.close(), temporal.close()]);
  });
  const ports = { api: 1, mongo: mongo.port, grpc: portOf(`tcp://${temporal.address}`), ui: portOf(temporal.uiUrl) };
  const keys = { ADMIN_API_KEY: 'dbadm_canary-admin-key-01234', ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  writeFileSync(path.join(home, 'keys.json'), JSON.stringify(keys));
  const children = { mongo: {}, temporal: {} };
  writeFileSync(path.join(home, 'run.json'), JSON.stringify({ children, ports: { ...ports, http: 3, metrics: 4 } }));
  const { code, output } = await doctor(home);
  expect(output).toContain(`As Drawbridge runs from ${home}.`);
  expect(output).toContain(`ok         MongoDB at 127.0.0.1:${ports.mongo} answers.`);
  expect(output).toContain('ok         The namespace default is there.');
  expect(output).toContain('bad        No worker has said within 7 s that it polls');
  for (const key of Object.values(keys)) expect(output).not.toContain(key);
  expect(code).toBe(1);
});

test('where nothing runs it says one thing: run npm start', async () => {
  const home = temporaryHome();
  const { code, output } = await doctor(home);
  expect(output.match(/\bbad {2,}/g)).toHaveLength(1);
  expect(output).toContain(`bad        Drawbridge is not running from ${home}.\n             → Run \`npm start\``);
  expect(output).not.toContain('is required');
  expect(code).toBe(1);
});

test('with some servers of its own it names the settings that are missing', async () => {
  const home = temporaryHome();
  const { code, output } = await doctor(home, { TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(output).toContain(`Drawbridge is not running from ${home}: by the environment of this terminal.`);
  expect(output).toContain('bad        MONGODB_URI is required: the URI of a MongoDB replica set.');
  expect(code).toBe(1);
});

function temporaryHome(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-doctor-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

const portOf = (url: string) => Number(new URL(url).port);

function doctor(home: string, settings: NodeJS.ProcessEnv = {}): Promise<{ code: number; output: string }> {
  const main = path.join(import.meta.dirname, '../../dist/dev/doctor.js');
  const env = { PATH: process.env.PATH, DRAWBRIDGE_HOME: home, ...settings };
  return new Promise((resolve) => {
    execFile(process.execPath, [main], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stderr + stdout });
    });
  });
}
