import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { download } from '../../dev/binaries/download.js';
import { tempFolder } from './support/temp.js';

const step = { update: () => undefined, end: () => undefined };
const never = new AbortController().signal;
const start = (code: string, folder: string, limitsMs = { begin: 30_000, stall: 60_000 }) => {
  const script = path.join(tempFolder(), 'fetch.mjs');
  writeFileSync(script, code);
  return download({ script, folder, env: process.env, signal: never, step, limitsMs });
};

test('a download hands over the file that it names', async () => {
  const folder = tempFolder();
  expect(await start("console.log('result:' + process.argv[2] + '/mongod')", folder)).toBe(path.join(folder, 'mongod'));
});

test('a download that does not begin is given up', async () => {
  const script = 'setInterval(() => undefined, 1000)';
  await expect(start(script, tempFolder(), { begin: 400, stall: 60_000 })).rejects.toThrow('it did not begin');
});

test('a download that stands still is given up', async () => {
  const script =
    "import fs from 'node:fs'; fs.writeFileSync(process.argv[2] + '/x.downloading', 'abc'); setInterval(() => undefined, 1000)";
  await expect(start(script, tempFolder(), { begin: 30_000, stall: 400 })).rejects.toThrow('it stood still');
});

test('a download that fails says why in one line', async () => {
  const script = "console.log('result-error: dns error: no such host'); process.exitCode = 1";
  await expect(start(script, tempFolder())).rejects.toThrow(/^dns error: no such host \(code 1\)$/);
});
