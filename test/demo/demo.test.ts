import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../../dev/stack/ports.js';
import { patience } from '../e2e/support/tracked.js';
import { adminKey, openProduct, webhookSecret, type RunningApi } from '../support/product.js';

const root = path.join(import.meta.dirname, '../..');
// As the embedded start runs it: nobody has made a secret.
const product = openProduct({ env: { ...patience, TICKET_WEBHOOK_SECRET: '' } });
let api: RunningApi;
// Each test runs one or two processes that make many calls.
vi.setConfig({ testTimeout: 90_000 });

beforeAll(async () => {
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
});
afterAll(() => product.close());

test('it tells the life of a ticket, with one more API process where there is no secret', async () => {
  const { code, output } = await demo({ DRAWBRIDGE_HOME: homeOf(portOf(api)), ...servers() });
  expect(output).toMatch(/\/ticket → 201 .*\n {3}mock made mock-TCK-\d+: open, synced\./);
  expect(output).toContain('Drawbridge runs without a TICKET_WEBHOOK_SECRET: replies go through one more API process');
  expectTheStory(output);
  expect(code).toBe(0);
});

test('with a secret that both know the reply goes to the product itself', async () => {
  const withSecret = await product.startApi({ env: { TICKET_WEBHOOK_SECRET: webhookSecret } });
  onTestFinished(async () => {
    await withSecret.stop();
  });
  const { code, output } = await demo({
    KT_API_URL: `${withSecret.url}/api/v1`,
    KT_API_KEY: adminKey,
    TICKET_WEBHOOK_SECRET: webhookSecret,
    DRAWBRIDGE_HOME: tempFolder(),
  });
  expect(output).not.toContain('one more API process');
  expectTheStory(output);
  expect(code).toBe(0);
});

test('without servers to start a process on, it says what is to be set', async () => {
  const { code, output } = await demo({ DRAWBRIDGE_HOME: homeOf(portOf(api)) });
  expect(output).toContain('Set TICKET_WEBHOOK_SECRET for Drawbridge and for the demo, or give the demo MONGODB_URI');
  expect(code).toBe(1);
});

test('when nothing runs it says how to start it', async () => {
  const never = await demo({ DRAWBRIDGE_HOME: tempFolder() });
  expect(never.output).toContain('Run `npm start` in another terminal');
  expect(never.code).toBe(1);
  const leftBehind = await demo({ DRAWBRIDGE_HOME: homeOf(await freePort()) });
  expect(leftBehind.output).toMatch(/Drawbridge is not running at http:\/\/127\.0\.0\.1:\d+\. Run `npm start`/);
  expect(leftBehind.code).toBe(1);
});

/** What is the same whichever way the reply takes. */
function expectTheStory(output: string): void {
  expect(output).toContain('← Mock tracker: Received from Dana Fields: Could you send the export by Friday? (synced)');
  expect(output).toMatch(/X-Signature: sha256=[0-9a-f]{12}…\n.*\/webhooks\/tickets → 200 .*\n {3}Applied: a comment\./);
  expect(output).toContain('Nothing was applied: it is known. The thread has 3 comments, as before.');
  expect(output).toContain('The evidence request is submitted.');
  expect(output).toContain('closed; the tracker says closed (synced).');
  expect(output).toMatch(/The workflow {2}http:\/\/localhost:\d+\/namespaces\/default\/workflows\/ticket%2Fdemo-/);
}

/** What `npm start` leaves for others to find it by, had it started this API against servers of its owner's. */
function homeOf(port: number): string {
  const home = tempFolder();
  const ports = { api: port, mongo: 1, grpc: 1, ui: 1, http: 1, metrics: 1 };
  const keys = { ADMIN_API_KEY: adminKey, ENCRYPTION_KEY: product.env.ENCRYPTION_KEY };
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'run.json'), JSON.stringify({ pid: process.pid, ports, urls: {}, children: {} }));
  writeFileSync(path.join(home, 'keys.json'), JSON.stringify(keys));
  return home;
}

function tempFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-demo-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const portOf = ({ url }: RunningApi) => Number(new URL(url).port);

function servers(): Record<string, string> {
  const { MONGODB_URI = '', TEMPORAL_ADDRESS = '', TEMPORAL_QUEUE_SUFFIX = '' } = product.env;
  return { MONGODB_URI, TEMPORAL_ADDRESS, TEMPORAL_QUEUE_SUFFIX };
}

/** Runs the built demo. @returns its exit code, and what it said on both outputs */
function demo(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [path.join(root, 'dist/dev/demo.js')], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8') }));
  });
}
