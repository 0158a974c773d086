import { execFile } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const checkout = mkdtempSync(path.join(tmpdir(), 'drawbridge-npx-'));
for (const each of ['bin', 'dev/build', 'src/cli', 'src/lib', 'src/events/types.ts']) {
  cpSync(path.join(root, each), path.join(checkout, each), { recursive: true });
}
symlinkSync(path.join(root, 'node_modules'), path.join(checkout, 'node_modules'));
writeFileSync(
  path.join(checkout, 'package.json'),
  JSON.stringify({
    name: 'drawbridge',
    version: '1.2.3',
    type: 'module',
    bin: { kt: 'bin/kt.mjs' },
    dependencies: { 'not-to-be-installed': '1.0.0' },
  }),
);
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

const run = (file: string, args: string[], cwd = checkout) =>
  promisify(execFile)(file, args, {
    cwd,
    env: { PATH: process.env.PATH ?? '', npm_config_cache: path.join(checkout, '.npm') },
  });
const viaNode = () => run(process.execPath, [path.join(checkout, 'bin/kt.mjs'), 'help']);
const source = path.join(checkout, 'src/cli/program.ts');
const later = (seconds: number) => {
  const at = new Date(Date.now() + seconds * 1000);
  utimesSync(source, at, at);
};

test('npx kt works in a checkout that was never built, without the network, from any of its folders', async () => {
  mkdirSync(path.join(checkout, 'docs'));
  const { stdout } = await run('npx', ['--offline', 'kt', '--version'], path.join(checkout, 'docs'));
  expect(stdout).toBe('kt 1.2.3\n');
  expect(existsSync(path.join(checkout, 'dist/src/cli/main.js'))).toBe(true);
});

test('a newer source is built first; one that does not build leaves what was built before, and says so', async () => {
  appendFileSync(source, `\nconsole.log('newer');\n`);
  later(5);
  expect((await viaNode()).stdout).toMatch(/^newer\nUsage: kt /);
  appendFileSync(source, '\nconst = ;\n');
  later(10);
  const { stdout, stderr } = await viaNode();
  expect(stdout).toMatch(/^newer\nUsage: kt /);
  expect(stderr).toContain('kt: the sources do not build; this is what was built before.');
});
