import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

/** The packages that a built module loads, by their folders in node_modules. */
function packagesOf(file: string): string[] {
  const source = `
    import { createRequire } from 'node:module';
    const { cache } = createRequire(${JSON.stringify(import.meta.url)});
    await import(${JSON.stringify(path.resolve('dist', file))});
    console.log(JSON.stringify(Object.keys(cache)));
    process.exit();`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], {
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  const files = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]') as string[];
  return [...new Set(files.map((one) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(one)?.[1] ?? ''))];
}

it('Without their keys, a worker loads nothing for metrics, and neither process anything for traces', () => {
  const worker = packagesOf('src/worker.js');
  expect(worker).toContain('mongoose');
  expect(worker.filter((name) => name === 'prom-client' || name.startsWith('@opentelemetry/'))).toEqual([]);
  const api = packagesOf('src/api.js');
  expect(api).toContain('prom-client');
  // The interface alone, which prom-client brings.
  expect(api.filter((name) => name.startsWith('@opentelemetry/'))).toEqual(['@opentelemetry/api']);
  // It would be seen: this is what is loaded with its key.
  expect(packagesOf('src/observability/tracing/otlp.js')).toContain('@opentelemetry/sdk-trace-base');
});
