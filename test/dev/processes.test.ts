import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startChild } from '../../dev/process/child.js';
import { endProcess, identify, isRunning } from '../../dev/process/identity.js';
import { tryLock, waitForLock } from '../../dev/process/lock.js';
import { tempFolder } from './support/temp.js';

function sleeper(): { pid: number; ended: Promise<unknown> } {
  const child = spawn('sleep', ['60']);
  onTestFinished(() => void child.kill('SIGKILL'));
  return { pid: child.pid ?? 0, ended: once(child, 'exit') };
}

function identityOf(pid: number) {
  const identity = identify(pid);
  if (!identity) throw new Error('It should be running.');
  return identity;
}

test('a process is known by pid, start time and command, and no more once it has ended', async () => {
  const { pid, ended } = sleeper();
  const identity = identityOf(pid);
  expect(identity.command).toBe('sleep 60');
  expect(isRunning(identity)).toBe(true);
  expect(await endProcess(identity, 5_000)).toBe(true);
  await ended;
  expect(isRunning(identity)).toBe(false);
});

test('a process that took over the pid of a recorded one is left alone', async () => {
  const { pid } = sleeper();
  const identity = identityOf(pid);
  expect(await endProcess({ ...identity, startedAt: `${identity.startedAt}0` }, 100)).toBe(false);
  expect(await endProcess({ ...identity, command: 'mongod --dbpath /data' }, 100)).toBe(false);
  expect(isRunning(identity)).toBe(true);
});

test('a process that ignores SIGTERM is killed when its time is over', async () => {
  const logFile = path.join(tempFolder(), 'child.log');
  const script = "process.on('SIGTERM', () => undefined); console.log('up'); setInterval(() => undefined, 1000)";
  const child = startChild({ command: process.execPath, args: ['-e', script], env: {}, logFile });
  await expect.poll(() => child.tail()).toBe('up');
  expect(await child.stop(200)).toEqual({ code: null, signal: 'SIGKILL' });
});

test("a child's log is private, and one that has grown too large is moved aside", async () => {
  const logFile = path.join(tempFolder(), 'logs', 'child.log');
  const run = () => startChild({ command: 'echo', args: ['hello'], env: { PATH: process.env.PATH }, logFile }).exited;
  await run();
  expect(statSync(logFile).mode & 0o777).toBe(0o600);
  writeFileSync(logFile, Buffer.alloc(11 * 1024 * 1024));
  await run();
  expect(statSync(logFile).size).toBe('hello\n'.length);
  expect(existsSync(`${logFile}.1`)).toBe(true);
});

test('a lock has one holder, whom the others are told of', async () => {
  const file = path.join(tempFolder(), 'lock');
  const lock = await tryLock(file);
  expect(await tryLock(file)).toEqual({ heldBy: identify(process.pid) });
  if ('release' in lock) lock.release();
  expect(await tryLock(file)).toHaveProperty('release');
});

test('a lock whose holder is dead is taken over, by one of those who come at once', async () => {
  const folder = tempFolder();
  const file = path.join(folder, 'lock');
  const { pid } = sleeper();
  const dead = { ...identityOf(pid), startedAt: '1', token: 'x' };
  writeFileSync(file, JSON.stringify(dead));
  const results = await Promise.all(Array.from({ length: 8 }, () => tryLock(file)));
  expect(results.filter((result) => 'release' in result)).toHaveLength(1);
  expect(readdirSync(folder)).toEqual(['lock']);
});

test('who waits for a lock gets it when it is released', async () => {
  const file = path.join(tempFolder(), 'lock');
  const lock = await tryLock(file);
  const holders: number[] = [];
  const waiting = waitForLock(file, AbortSignal.timeout(5_000), (holder) => holders.push(holder.pid));
  await expect.poll(() => holders).toEqual([process.pid]);
  if ('release' in lock) lock.release();
  (await waiting).release();
});
