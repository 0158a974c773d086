import { existsSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepAliveFile } from '../../../src/ops/health/alive-file.js';
import { eventually } from '../../support/eventually.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-alive-'));
  file = path.join(folder, 'alive');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const longAgo = new Date('2026-01-01T00:00:00Z');
const isFresh = () => Promise.resolve(statSync(file).mtime > longAgo);

describe('the file of a process that is well', () => {
  it('is there at once, is kept fresh, and goes with the process', async () => {
    const leave = keepAliveFile({ file, isAlive: () => true, beatMs: 10 });
    expect(existsSync(file)).toBe(true);
    utimesSync(file, longAgo, longAgo);
    await eventually(isFresh, Boolean);
    leave();
    expect(existsSync(file)).toBe(false);
  });

  it('grows old while the process says that it does not work, and is fresh again when it does', async () => {
    let [alive, asked] = [true, 0];
    const isAlive = () => {
      asked += 1;
      return alive;
    };
    const leave = keepAliveFile({ file, isAlive, beatMs: 10 });
    alive = false;
    utimesSync(file, longAgo, longAgo);
    const before = asked;
    await eventually(
      () => Promise.resolve(asked),
      (times) => times > before + 3,
    );
    expect(statSync(file).mtime).toEqual(longAgo);
    alive = true;
    await eventually(isFresh, Boolean);
    leave();
  });

  it('must be writable: a health check that can never be fulfilled is told at once', () => {
    const nowhere = path.join(folder, 'missing', 'alive');
    expect(() => keepAliveFile({ file: nowhere, isAlive: () => true, beatMs: 10 })).toThrow('ENOENT');
  });
});
