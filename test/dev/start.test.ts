import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { projectRoot } from '../../dev/paths.js';
import { isRunning, type ProcessIdentity } from '../../dev/process/identity.js';
import { freePort } from '../../dev/stack/ports.js';
import { tempFolder } from './support/temp.js';

const program = path.join(projectRoot(), `node_modules/.cache/drawbridge-test/start-${process.pid}.mjs`);

interface RunFacts {
  pid: number;
  urls: Record<string, string>;
  ports: Record<string, number>;
  children: Record<string, ProcessIdentity>;
}

beforeAll(async () => {
  const entry = path.join(import.meta.dirname, 'support/stand-in-start.ts');
  mkdirSync(path.dirname(program), { recursive: true });
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
});

afterAll(() => rmSync(program, { force: true }));

interface Start {
  child: ChildProcess;
  output: () => string;
  exited: Promise<number | null>;
  ready: () => Promise<RunFacts>;
}

/** Settings that only the developer's own shell could have are taken out. */
function start(home: string, settings: NodeJS.ProcessEnv = {}): Start {
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  const env = { PATH, HOME, XDG_CACHE_HOME, DRAWBRIDGE_HOME: home, ...settings };
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const ready = async () => {
    await expect.poll(() => output, { timeout: 20_000 }).toContain('Drawbridge is ready.');
    return runFacts(home);
  };
  return { child, output: () => output, exited, ready };
}

const runFacts = (home: string) => JSON.parse(readFileSync(path.join(home, 'run.json'), 'utf8')) as RunFacts;
const running = (facts: RunFacts) => Object.values(facts.children).filter(isRunning);

async function environmentOfApi(facts: RunFacts): Promise<Record<string, string>> {
  return (await fetch(`http://127.0.0.1:${facts.ports.api}/environment`)).json() as Promise<Record<string, string>>;
}

test('a start with nothing set brings up all four, and a stop leaves none of them', async () => {
  const home = path.join(tempFolder(), 'home');
  const { child, output, exited, ready } = start(home);
  const facts = await ready();
  expect(Object.keys(facts.children).sort()).toEqual(['api', 'mongo', 'temporal', 'worker']);
  expect(running(facts)).toHaveLength(4);
  const env = await environmentOfApi(facts);
  expect(env.MONGODB_URI).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/drawbridge$/);
  expect(env.TEMPORAL_UI_URL).toBe(facts.urls.temporalUi);
  expect(env.PUBLIC_URL).toBe(`http://localhost:${facts.ports.api}`);
  expect(env.EGRESS_ALLOW).toBe('127.0.0.0/8,::1/128');

  // The address and the program, so that `temporal workflow list` can be copied.
  const listing = new RegExp(`/temporal workflow list --address 127\\.0\\.0\\.1:${facts.ports.grpc}$`, 'm');
  expect(output()).toMatch(listing);

  // Not a terminal: the key itself must not be in what may be somebody's log.
  expect(output()).toContain(path.join(home, 'keys.json'));
  expect(output()).not.toContain(env.ADMIN_API_KEY);
  expect(statSync(home).mode & 0o777).toBe(0o700);
  for (const file of ['keys.json', 'run.json', 'ports.json', 'logs/api.log', 'logs/mongo.log']) {
    expect(statSync(path.join(home, file)).mode & 0o077, file).toBe(0);
  }

  // npm passes on what the terminal has already sent.
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect(await exited).toBe(0);
  expect(running(facts)).toEqual([]);
  expect(output().match(/SIGINT: stopping/g)).toHaveLength(1);
  expect(existsSync(path.join(home, 'run.json'))).toBe(false);
  // The worker was given its time, although the API was already gone.
  expect(readFileSync(path.join(home, 'logs/worker.log'), 'utf8')).toContain('worker stopped');
});

test('keys and ports stay the same at the next start, and the closing of the terminal stops it', async () => {
  const home = path.join(tempFolder(), 'home');
  const seen = [];
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    const { child, exited, ready } = start(home);
    const facts = await ready();
    const { ADMIN_API_KEY, ENCRYPTION_KEY } = await environmentOfApi(facts);
    seen.push({ ports: facts.ports, ADMIN_API_KEY, ENCRYPTION_KEY });
    child.kill(signal);
    expect(await exited).toBe(0);
    expect(running(facts)).toEqual([]);
  }
  expect(seen[1]).toEqual(seen[0]);
});

test('a second start on the same home is refused with the pid of the first; another home runs beside it', async () => {
  const folder = tempFolder();
  const first = start(path.join(folder, 'one'));
  const facts = await first.ready();
  const second = start(path.join(folder, 'one'));
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain(`(process ${first.child.pid})`);
  expect(running(facts)).toHaveLength(4);
  const other = await start(path.join(folder, 'two')).ready();
  expect(Object.values(other.ports).filter((port) => Object.values(facts.ports).includes(port))).toEqual([]);
});

test('after kill -9 of the supervisor the next start ends what it had left, and goes on with the same data and ports', async () => {
  const home = path.join(tempFolder(), 'home');
  const first = start(home);
  const before = await first.ready();
  first.child.kill('SIGKILL');
  await first.exited;
  expect(running(before)).toHaveLength(4);
  const second = start(home);
  const after = await second.ready();
  expect(running(before)).toEqual([]);
  expect(running(after)).toHaveLength(4);
  expect(after.ports).toEqual(before.ports);
  expect(second.output()).toContain('A former start was killed');
});

test('each of the four is brought back when it is killed, where it was', async () => {
  const home = path.join(tempFolder(), 'home');
  const { ready, output } = start(home);
  const before = await ready();
  for (const { pid } of Object.values(before.children)) process.kill(pid, 'SIGKILL');
  await expect.poll(() => output().match(/started again/g)?.length, { timeout: 15_000 }).toBe(4);
  const after = runFacts(home);
  expect(running(after)).toHaveLength(4);
  expect(running(before)).toEqual([]);
  expect(after.ports).toEqual(before.ports);
});

test('servers that are named are used, and not started', async () => {
  const folder = tempFolder();
  const one = await start(path.join(folder, 'one')).ready();
  const { MONGODB_URI, TEMPORAL_ADDRESS } = await environmentOfApi(one);
  const port = String(await freePort());
  const two = await start(path.join(folder, 'two'), { MONGODB_URI, TEMPORAL_ADDRESS, PORT: port }).ready();
  expect(Object.keys(two.children).sort()).toEqual(['api', 'worker']);
  expect(two.ports.api).toBe(Number(port));
  expect(await environmentOfApi(two)).toMatchObject({ MONGODB_URI, TEMPORAL_ADDRESS });
});

test('settings that are wrong are all named before anything is started', async () => {
  const home = path.join(tempFolder(), 'home');
  const { exited, output } = start(home, { ENCRYPTION_KEY: 'short', PUBLIC_URL: 'nonsense' });
  expect(await exited).toBe(1);
  expect(output()).toMatch(/PUBLIC_URL[^]*ENCRYPTION_KEY|ENCRYPTION_KEY[^]*PUBLIC_URL/);
  expect(existsSync(path.join(home, 'run.json'))).toBe(false);
});
