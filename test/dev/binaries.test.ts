import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ensure, ensureMongo, ensureTemporal, type Ways } from '../../dev/binaries/index.js';
import { silentProgress } from '../../dev/binaries/progress.js';
import { mongoSteps } from '../../dev/binaries/mongo.js';
import { temporalSteps } from '../../dev/binaries/temporal.js';
import { tempFolder, writeScript } from './support/temp.js';

const temporalVersion = (version: string, server: string) =>
  `echo "temporal version ${version} (Server ${server}, UI 2.42.1)"`;

/** A machine with nothing on PATH but what the test puts there, and an empty cache. */
function machine(settings: NodeJS.ProcessEnv = {}) {
  const folder = tempFolder();
  const lines: string[] = [];
  const bin = path.join(folder, 'bin');
  const env = { PATH: bin, HOME: folder, XDG_CACHE_HOME: path.join(folder, 'cache'), ...settings };
  return {
    bin,
    cache: path.join(folder, 'cache/drawbridge'),
    lines,
    env,
    progress: { ...silentProgress, line: (text: string) => lines.push(text) },
  };
}

/** These ways without the library's download, which would try the network. */
const offline = <T>(ways: Ways<T>): Ways<T> => ({ ...ways, slow: ways.slow.slice(1) });

test('a temporal on PATH is used, and nothing is said about it', async () => {
  const { bin, env, progress, lines } = machine();
  const program = writeScript(path.join(bin, 'temporal'), temporalVersion('1.5.1', '1.29.1'));
  expect(await ensureTemporal({ env, progress })).toBe(program);
  expect(lines).toEqual([]);
});

test('a temporal on PATH that is too old is named, and the cached one is used', async () => {
  const { bin, cache, env, progress, lines } = machine();
  const old = writeScript(path.join(bin, 'temporal'), temporalVersion('1.0.0', '1.24.0'));
  const cached = writeScript(path.join(cache, 'bin/temporal-1.5.1/temporal'), 'exit 0');
  expect(await ensureTemporal({ env, progress })).toBe(cached);
  expect(lines).toEqual([`Temporal: temporal on PATH: ${old} is 1.0, and 1.4 or later is needed`]);
});

test('without a temporal it is built with go into the cache, once', async () => {
  const { bin, cache, env, progress, lines } = machine();
  const calls = path.join(bin, 'calls');
  writeScript(
    path.join(bin, 'go'),
    `echo "$@" >> ${calls}`,
    'echo "go: downloading go.temporal.io/server v1.29.1" >&2',
    `printf '#!/bin/sh\\nexit 0\\n' > "$GOBIN/temporal"; /bin/chmod +x "$GOBIN/temporal"`,
  );
  const built = path.join(cache, 'bin/temporal-1.5.1/temporal');
  const both = [ensure(offline(temporalSteps), { env, progress }), ensure(offline(temporalSteps), { env, progress })];
  expect(await Promise.all(both)).toEqual([built, built]);
  expect(readFileSync(calls, 'utf8')).toBe(
    'install -v -ldflags=-s -w -gcflags=all=-dwarf=false github.com/temporalio/cli/cmd/temporal@v1.5.1\n',
  );
  expect(lines[0]).toBe('Temporal: not there: temporal on PATH, the cache.');
});

test('when no way leads to a server, the message names what failed and every way out', async () => {
  const { bin, env, progress } = machine();
  writeScript(path.join(bin, 'go'), 'echo "go: module lookup disabled" >&2; echo "error: no network" >&2; exit 1');
  const failing = ensure(offline(temporalSteps), { env, progress });
  await expect(failing).rejects.toThrow(/go install .*: error: no network \(code 1\)/);
  await expect(failing).rejects.toThrow(/docker compose up -d/);
  await expect(failing).rejects.toThrow(/TEMPORAL_ADDRESS/);
  await expect(ensure(offline(mongoSteps), { env, progress })).rejects.toThrow(
    /there is no cargo on PATH[^]*MONGODB_URI/,
  );
});

test('the stand-in for MongoDB is neither built nor taken from the cache in production', async () => {
  const { bin, cache, env, progress } = machine({ NODE_ENV: 'production' });
  writeScript(path.join(cache, 'bin/secantus-0.5.3-beta.196/secantusd-rs'), 'exit 0');
  writeScript(path.join(bin, 'cargo'), 'exit 0');
  await expect(ensure(offline(mongoSteps), { env, progress })).rejects.toThrow('not used with NODE_ENV=production');
});

test('a mongod on PATH comes before the stand-in', async () => {
  const { bin, cache, env } = machine();
  writeScript(path.join(cache, 'bin/secantus-0.5.3-beta.196/secantusd-rs'), 'exit 0');
  expect(await ensureMongo({ env })).toMatchObject({ kind: 'secantus' });
  const program = writeScript(path.join(bin, 'mongod'), 'echo "db version v7.0.14"');
  expect(await ensureMongo({ env })).toEqual({ kind: 'mongod', path: program });
});

test('a build ends when it is no longer wanted, and the lock with it', async () => {
  const { bin, env, progress } = machine();
  writeScript(path.join(bin, 'go'), '/bin/sleep 30');
  const started = Date.now();
  const stop = AbortSignal.timeout(200);
  await expect(ensure(offline(temporalSteps), { env, progress, signal: stop })).rejects.toThrow();
  expect(Date.now() - started).toBeLessThan(5_000);
  writeScript(path.join(bin, 'temporal'), temporalVersion('1.5.1', '1.29.1'));
  await ensureTemporal({ env, progress });
});
