import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePython } from '../../dev/binaries/python.js';
import { projectRoot } from '../../dev/paths.js';
import { FakeReceiver } from '../support/fake-receiver.js';
import { adminKey, openProduct, type Product } from '../support/product.js';
import { compileTypeScript } from './typescript-client.js';

const run = promisify(execFile);
const sources = path.join(projectRoot(), 'test/contract/clients');
/** Below the project, so that the compiled client finds its packages. */
const cache = path.join(projectRoot(), 'node_modules/.cache/drawbridge-clients');

let product: Product;
let baseUrl: string;
let document: string;
const receiver = new FakeReceiver(null, null);
beforeAll(async () => {
  product = openProduct({ env: { EGRESS_ALLOW: '127.0.0.0/8' } });
  const [api] = await Promise.all([product.startApi(), product.startWorker(), receiver.up()]);
  baseUrl = api.url;
  document = await (await fetch(`${baseUrl}/openapi.json`)).text();
});
afterAll(() => Promise.all([product.close(), receiver.close()]));

/** The folder of a generated client, made anew when the document or its own sources have changed. */
async function generated(name: string, inputs: string[], make: (folder: string) => Promise<void>): Promise<string> {
  const hash = createHash('sha256')
    .update([document, ...inputs].join('\0'))
    .digest('hex')
    .slice(0, 16);
  const folder = path.join(cache, `${name}-${hash}`);
  if (existsSync(folder)) return folder;
  const work = `${folder}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  await make(work);
  renameSync(work, folder);
  return folder;
}

/** What a whole job has to end with, whichever client did it. */
const wholeJob = {
  ticket: {
    provider: 'mock',
    state: 'open',
    sync_state: 'synced',
    external_id: expect.stringMatching(/^mock-TCK-/) as unknown,
  },
  comment: { source: 'internal', sync_state: 'synced', echo: { source: 'external' } },
  escalation: { status: 'resolved', resolution: 'approved', notes: [{ body: 'The data was masked.' }] },
  delivery: { status: 'succeeded', event_type: 'escalation.resolved', attempts: [{ number: 1, response_code: 204 }] },
};

describe('a client that a stock generator makes of the document', () => {
  it('does a whole job with openapi-typescript and openapi-fetch', { timeout: 180_000 }, async () => {
    const program = readFileSync(path.join(sources, 'job.ts'), 'utf8');
    const folder = await generated('typescript', [program], (work) => compileTypeScript(document, program, work));
    const job = (await import(pathToFileURL(path.join(folder, 'job.js')).href)) as {
      wholeJob: (options: object) => Promise<unknown>;
    };
    const result = await job.wholeJob({ baseUrl, adminKey, org: 'typescript', receiverUrl: receiver.url });
    expect(result).toMatchObject(wholeJob);
  });

  it('does a whole job with openapi-python-client', { timeout: 600_000 }, async () => {
    const bin = await ensurePython('openapi-python-client');
    const program = readFileSync(path.join(sources, 'job.py'), 'utf8');
    const folder = await generated('python', [program, bin], async (work) => {
      const [input, config] = [path.join(work, 'openapi.json'), path.join(work, 'config.yml')];
      writeFileSync(input, document);
      writeFileSync(config, 'post_hooks: []\npackage_name_override: drawbridge_client\n');
      const output = ['--meta', 'none', '--output-path', path.join(work, 'drawbridge_client')];
      const { stdout, stderr } = await run(path.join(bin, 'openapi-python-client'), [
        ...['generate', '--fail-on-warning', '--path', input, '--config', config],
        ...output,
      ]);
      expect(stdout + stderr).not.toMatch(/warning/i);
      cpSync(path.join(sources, 'job.py'), path.join(work, 'job.py'));
    });
    const { stdout } = await run(path.join(bin, 'python'), [
      path.join(folder, 'job.py'),
      ...[baseUrl, adminKey, 'python', receiver.url],
    ]);
    expect(JSON.parse(stdout)).toMatchObject(wholeJob);
  });
});
