import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

/**
 * The packages that a built program could load, and those that it does load before it starts anything.
 * @param program a path below dist/, without its extension
 */
function packagesOf(program: string): { known: string[]; loaded: string[] } {
  const source = `
    const packages = require('./dist/${program}.packages.cjs');
    const loaded = [];
    for (const [name, load] of Object.entries(packages)) {
      packages[name] = () => {
        loaded.push(name);
        return load();
      };
    }
    require('./dist/${program}.cjs');
    console.log(JSON.stringify({ known: Object.keys(packages), loaded }));
    process.exit();`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=commonjs', '--eval', source], {
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { known: string[]; loaded: string[] };
}

it('Without their keys, a worker loads nothing for metrics, and neither process anything for traces', () => {
  const forTraces = (name: string) => name.startsWith('@opentelemetry/');
  const worker = packagesOf('src/worker');
  expect(worker.known.filter(forTraces)).not.toEqual([]);
  expect(worker.known).toContain('prom-client');
  expect(worker.loaded).toContain('mongoose');
  expect(worker.loaded.filter((name) => name === 'prom-client' || forTraces(name))).toEqual([]);
  const api = packagesOf('src/api');
  expect(api.known.filter(forTraces)).not.toEqual([]);
  expect(api.loaded).toContain('prom-client');
  expect(api.loaded.filter(forTraces)).toEqual([]);
});
