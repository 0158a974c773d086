// npm run fuzz:api [-- --seed 7]: Schemathesis sends 30 generated requests to each operation of an embedded product of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensurePython } from './binaries/python.js';
import { createProgress } from './binaries/progress.js';
import { projectRoot } from './paths.js';
import { freePort } from './stack/ports.js';

const adminKey = 'admin-key-of-the-fuzz-campaign-0123456789';
const examplesPerOperation = '30';
const secret = 'a-secret-of-the-fuzz-campaign';

/**
 * Left out are rejections of requests that fit the schema: a cursor of another list, a name without an id and a time past
 * retention are refused, and JSON Schema has no words for that.
 */
const checks = ['--checks', 'all', '--exclude-checks', 'positive_data_acceptance'];

const bin = await ensurePython('schemathesis', { progress: createProgress(process.stderr) });
const home = mkdtempSync(path.join(tmpdir(), 'drawbridge-fuzz-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const product = spawn(process.execPath, ['dev/start.mjs'], {
  cwd: projectRoot(),
  stdio: 'ignore',
  env: {
    ...process.env,
    ...{ DRAWBRIDGE_HOME: home, PORT: String(port), PUBLIC_URL: url, ADMIN_API_KEY: adminKey },
    ...{ RATE_LIMIT_PER_SECOND: '0', TICKET_WAIT_MS: '300' },
    // So that signed webhooks are refused for their signatures, and not because nothing is set up.
    TICKET_WEBHOOK_SECRET: secret,
    ...{ JIRA_BASE_URL: 'http://127.0.0.1:9', JIRA_API_TOKEN: secret, JIRA_WEBHOOK_SECRET: secret },
    ...{ SERVICENOW_BASE_URL: 'http://127.0.0.1:9', SERVICENOW_API_TOKEN: secret, SERVICENOW_WEBHOOK_SECRET: secret },
  },
});
try {
  await ready(product);
  const given = process.argv.slice(2);
  const options = ['--max-examples', examplesPerOperation, '--phases', 'examples,fuzzing', '--request-timeout', '30'];
  const campaign = spawn(
    path.join(bin, 'schemathesis'),
    ['run', `${url}/openapi.json`, '-H', `Authorization: Bearer ${adminKey}`, ...options, ...checks, ...given],
    { stdio: 'inherit', cwd: home },
  );
  const [code] = (await once(campaign, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  product.kill('SIGTERM');
  if (product.exitCode === null) await once(product, 'exit');
  rmSync(home, { recursive: true, force: true });
}

/** Waits for the product, and creates the org that the examples of the document name. */
async function ready(child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error('The product did not start. `npm start` says why.');
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.status === 200) break;
    await sleep(500);
  }
  const headers = { Authorization: `Bearer ${adminKey}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ id: 'acme', name: 'Acme Corporation' });
  const made = await fetch(`${url}/api/v1/orgs`, { method: 'POST', headers, body });
  if (made.status !== 201) throw new Error(`The org could not be created: ${made.status}.`);
}
