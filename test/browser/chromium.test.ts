import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findChromium, type Surroundings } from '../support/chromium.js';

let folder: string;
let ran: string[];
let bare: Surroundings;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-find-'));
  ran = [];
  bare = {
    env: { PATH: folder, HOME: folder },
    playwrightsOwn: path.join(folder, 'playwright', 'chrome'),
    isRoot: true,
    run: (command, args) => {
      ran.push([path.basename(command), ...args.filter((arg) => !arg.startsWith('-') && !arg.includes('/'))].join(' '));
      return Promise.reject(new Error(`${path.basename(command)}: no network`));
    },
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, '');
  chmodSync(file, 0o755);
  return file;
}

describe('the browser for the tests', () => {
  it('is the one that CHROME_PATH names, before one on PATH', async () => {
    program('chromium');
    const chosen = program('mine');
    expect(await findChromium({ ...bare, env: { ...bare.env, CHROME_PATH: chosen } })).toBe(chosen);
  });

  it('is none in the place of what CHROME_PATH names', async () => {
    program('chromium');
    const env = { ...bare.env, CHROME_PATH: path.join(folder, 'missing') };
    await expect(findChromium({ ...bare, env })).rejects.toThrow('CHROME_PATH');
  });

  it('is the one on PATH, without anything being installed', async () => {
    const there = program('google-chrome');
    expect(await findChromium(bare)).toBe(there);
    expect(ran).toEqual([]);
  });

  it('is installed when there is none: by playwright, else as root by apt-get', async () => {
    const run: Surroundings['run'] = async (command, args) => {
      await bare.run(command, args).catch(() => undefined);
      if (command !== 'apt-get') throw new Error('no download here');
      if (args.includes('install')) program('chromium-headless-shell');
    };
    expect(await findChromium({ ...bare, run })).toBe(path.join(folder, 'chromium-headless-shell'));
    expect(ran).toEqual(['node install chromium', 'apt-get update', 'apt-get install chromium-headless-shell']);
  });

  it('is told how to get, in all ways, when there is none to be had', async () => {
    const error = await findChromium({ ...bare, isRoot: false }).catch((thrown: unknown) => String(thrown));
    for (const way of ['CHROME_PATH', 'on PATH', 'playwright-core install', 'apt-get install chromium', 'needs root'])
      expect(error).toContain(way);
    expect(ran).toEqual(['node install chromium']);
  });
});
