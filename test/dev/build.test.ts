import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { projectRoot } from '../../dev/paths.js';
import { tempFolder } from './support/temp.js';

/** A project of its own with the real build and packages, and two sources. */
function project(): string {
  const root = tempFolder();
  for (const file of ['dev/build.mjs', 'dev/build', 'package.json', 'tsconfig.json']) {
    cpSync(path.join(projectRoot(), file), path.join(root, file), { recursive: true });
  }
  symlinkSync(path.join(projectRoot(), 'node_modules'), path.join(root, 'node_modules'));
  write(root, 'src/rule.ts', 'export const answer: number = 42;');
  write(
    root,
    'workflows/index.ts',
    "import { answer } from '../src/rule.js';\nexport async function ask(): Promise<number> { return answer; }",
  );
  return root;
}

function write(root: string, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

const build = async (root: string) =>
  (await promisify(execFile)(process.execPath, [path.join(root, 'dev/build.mjs')])).stdout.trim();

/** webpack bundles twice here, in processes of their own: 5 s on an idle machine, half a minute on one with others at work. */
const bundlingMs = 120_000;

test(
  'the workflows are bundled again only when something that they reach has changed',
  { timeout: bundlingMs },
  async () => {
    const root = project();
    expect(await build(root)).toContain('workflow bundle: made');
    write(root, 'src/unrelated.ts', 'export const other = 1;');
    expect(await build(root)).toContain('workflow bundle: unchanged');
    write(root, 'src/rule.ts', 'export const answer: number = 43;');
    expect(await build(root)).toContain('workflow bundle: made');
  },
);

test('what was built from a source that is gone goes as well, and style sheets come along', async () => {
  const root = project();
  rmSync(path.join(root, 'workflows'), { recursive: true });
  write(root, 'src/old.ts', 'export {};');
  write(root, 'src/console/app.css', 'body {}');
  expect(await build(root)).toContain('workflows/index.ts is not there');
  rmSync(path.join(root, 'src/old.ts'));
  expect(await build(root)).toContain('removed');
  expect(existsSync(path.join(root, 'dist/src/old.js'))).toBe(false);
  expect(existsSync(path.join(root, 'dist/src/console/app.css'))).toBe(true);
});

test('two builds at once leave whole files and nothing else', async () => {
  const root = project();
  await Promise.all([build(root), build(root)]);
  const left = readdirSync(path.join(root, 'dist'), { recursive: true, encoding: 'utf8' });
  expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  write(root, 'src/rule.ts', 'export const answer: number = 42;');
  expect(await build(root)).toContain('0 of');
});

test('nothing is built until a source or a built file changes', async () => {
  const root = project();
  rmSync(path.join(root, 'workflows'), { recursive: true });
  await build(root);
  expect(await build(root)).toBe('dist/ is up to date.');
  rmSync(path.join(root, 'dist/src/rule.js'));
  expect(await build(root)).toContain('1 of');
  write(root, 'src/rule.ts', 'export const answer: number = 43;');
  expect(await build(root)).toContain('2 of');
  expect(await build(root)).toBe('dist/ is up to date.');
});

test('a program is bundled with its packages, finds its own files, and says where in its sources it failed', async () => {
  const root = project();
  rmSync(path.join(root, 'workflows'), { recursive: true });
  write(root, 'src/pages/page.css', 'body {}');
  write(
    root,
    'src/pages/style.ts',
    "import { readFileSync } from 'node:fs';\nexport const style = () => readFileSync(`${import.meta.dirname}/page.css`, 'utf8');",
  );
  write(
    root,
    'src/api.ts',
    `import { fileURLToPath } from 'node:url';
    import { ulid } from 'ulid';
    import { style } from './pages/style.js';
    export const startApi = (): object => ({ style: style(), id: ulid(), here: fileURLToPath(import.meta.url) });
    if (process.argv[2] === 'fail') throw new Error('on purpose');`,
  );
  await build(root);
  const program = path.join(root, 'dist/src/api.js');
  expect(readFileSync(path.join(root, 'dist/src/api.packages.cjs'), 'utf8')).toContain('ulid');
  const { startApi } = (await import(program)) as { startApi: () => unknown };
  expect(startApi()).toEqual({ style: 'body {}', id: expect.stringMatching(/^[0-9A-Z]{26}$/), here: program });
  const failing = promisify(execFile)(process.execPath, ['--enable-source-maps', program, 'fail']);
  await expect(failing).rejects.toThrow(`${path.join(root, 'src/api.ts')}:5:`);
});

test('a source that cannot be read fails the build with its place', async () => {
  const root = project();
  write(root, 'src/broken.ts', 'export const = ;');
  await expect(build(root)).rejects.toThrow(/src\/broken\.ts:1:13/);
});
