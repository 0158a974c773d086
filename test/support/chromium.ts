import { execFile } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { cacheFolder } from '../../dev/paths.js';
import { waitForLock } from '../../dev/process/lock.js';

/** What finding a browser depends on; the process's own by default. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  /** Where playwright keeps its own Chromium, if it has downloaded one. */
  playwrightsOwn: string;
  isRoot: boolean;
  /** Runs a program to its end. @throws when it fails */
  run: (command: string, args: string[], env?: NodeJS.ProcessEnv) => Promise<void>;
}

/** The headless shell comes first: it takes a third less CPU than the whole browser. */
const names = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
];
const installForMs = 240_000;

const own: Surroundings = {
  env: process.env,
  playwrightsOwn: chromium.executablePath(),
  isRoot: process.getuid?.() === 0,
  run: async (command, args, env = process.env) => {
    await promisify(execFile)(command, args, { env, timeout: installForMs });
  },
};

/**
 * A Chromium's path, installing one when there is none: CHROME_PATH, PATH, playwright's download, Debian's package.
 * One process installs at a time: package managers refuse a second call.
 * @throws Error naming all of them
 */
export async function findChromium({ env, playwrightsOwn, isRoot, run }: Surroundings = own): Promise<string> {
  const chosen = env.CHROME_PATH;
  if (chosen !== undefined && chosen !== '') {
    if (isExecutable(chosen)) return chosen;
    throw new Error(`CHROME_PATH is ${chosen}, which is no program.`);
  }
  const present = onPath(env) ?? (isExecutable(playwrightsOwn) ? playwrightsOwn : undefined);
  if (present !== undefined) return present;

  mkdirSync(cacheFolder(env), { recursive: true });
  const lock = await waitForLock(
    path.join(cacheFolder(env), 'chromium.lock'),
    AbortSignal.timeout(installForMs),
    () => undefined,
  );
  try {
    return onPath(env) ?? (await installChromium({ env, playwrightsOwn, isRoot, run }));
  } finally {
    lock.release();
  }
}

async function installChromium({ env, playwrightsOwn, isRoot, run }: Surroundings): Promise<string> {
  const downloader = path.join(import.meta.dirname, '../../node_modules/playwright-core/cli.js');
  const download = await tried(() => run(process.execPath, [downloader, 'install', 'chromium'], env));
  if (isExecutable(playwrightsOwn)) return playwrightsOwn;

  const apt = isRoot ? await tried(() => installPackage(run, env)) : 'needs root';
  const installed = onPath(env);
  if (installed !== undefined) return installed;
  throw new Error(
    [
      'There is no Chromium for the browser tests. Any one of these helps:',
      '  - CHROME_PATH=/path/to/chrome',
      `  - one of ${names.join(', ')} on PATH`,
      `  - npx playwright-core install chromium (tried: ${download})`,
      `  - as root on Debian: apt-get install chromium-headless-shell (tried: ${apt})`,
    ].join('\n'),
  );
}

async function installPackage(run: Surroundings['run'], env: NodeJS.ProcessEnv): Promise<void> {
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], quiet);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium-headless-shell'], quiet);
}

async function tried(way: () => Promise<void>): Promise<string> {
  try {
    await way();
    return 'done, but it is not there';
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'failed';
  }
}

function onPath(env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

let shared: Promise<Browser> | undefined;

/** One browser for all files of a test process: a start costs seconds of CPU. It ends with the process. */
const sharedBrowser = (): Promise<Browser> =>
  (shared ??= findChromium().then((executablePath) =>
    chromium.launch({
      executablePath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    }),
  ));

/** A browser's profile of its own, which talks to nobody but the pages it is shown; `close` closes its pages. */
export async function openBrowser(): Promise<{
  browser: Browser;
  context: BrowserContext;
  close: () => Promise<void>;
}> {
  const browser = await sharedBrowser();
  const context = await browser.newContext({ viewport: { width: 1440, height: 1200 }, reducedMotion: 'reduce' });
  return { browser, context, close: () => context.close() };
}
