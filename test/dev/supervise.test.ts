import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startChild } from '../../dev/process/child.js';
import { supervise } from '../../dev/supervisor/supervise.js';
import { tempFolder } from './support/temp.js';

const backoffMs = { first: 20, max: 100, resetAfter: 60_000 };

function service(script: string) {
  const lines: string[] = [];
  const logFile = path.join(tempFolder(), 'service.log');
  const start = () =>
    Promise.resolve(startChild({ command: '/bin/sh', args: ['-c', script], env: { PATH: process.env.PATH }, logFile }));
  return { lines, options: { name: 'service', start, report: (line: string) => lines.push(line), backoffMs } };
}

test('what dies is started again, and its last lines are shown', async () => {
  const { lines, options } = service('echo what happened; exec sleep 60');
  const supervised = await supervise(options);
  onTestFinished(() => supervised.stop(100));
  const first = supervised.running();
  await expect.poll(() => first?.tail()).toBe('what happened');
  await first?.kill();
  await expect.poll(() => lines.length).toBe(2);
  expect(supervised.running()?.pid).not.toBe(first?.pid);
  expect(lines[0]).toMatch(
    /^service: process \d+ was ended by SIGKILL; starting it again in 0.02 s. Its last lines:\n {4}what happened$/,
  );
  expect(lines[1]).toBe(`service: started again (process ${supervised.running()?.pid}).`);
});

test('what dies again and again is started more and more seldom', async () => {
  const { options } = service('exit 3');
  const supervised = await supervise(options);
  await new Promise((resolve) => setTimeout(resolve, 600));
  await supervised.stop(100);
  expect(supervised.restarts()).toBeGreaterThan(3);
  expect(supervised.restarts()).toBeLessThan(10);
});

test('a stop while it is down is not followed by another start', async () => {
  const { options } = service('exit 3');
  const supervised = await supervise({ ...options, backoffMs: { ...backoffMs, first: 60_000 } });
  await expect.poll(() => supervised.running()).toBeUndefined();
  await supervised.stop(100);
  expect(supervised.restarts()).toBe(0);
});

test('what comes up while all is being stopped is stopped as well', async () => {
  const { options } = service('sleep 0.05; exec sleep 60');
  let release: () => void = () => undefined;
  let starts = 0;
  const start = async () => {
    starts += 1;
    if (starts > 1) await new Promise<void>((resolve) => (release = resolve));
    return options.start();
  };
  const supervised = await supervise({ ...options, start });
  await supervised.running()?.kill();
  await expect.poll(() => starts).toBe(2);
  const stopped = supervised.stop(1_000);
  release();
  await stopped;
  expect(supervised.running()).toBeUndefined();
});
