import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { hasCode, readIfThere } from '../files.js';
import { identify, isRunning, type ProcessIdentity } from './identity.js';

export interface Lock {
  release(): void;
}

interface LockFile extends ProcessIdentity {
  /** Tells apart two holders within one process. */
  token: string;
}

/** Long enough for a rival's takeover, begun before ours was visible, to show itself. */
const settleMs = 20;
const waitMs = 500;

/**
 * Takes the lock, also from a process that died with it.
 * @param file absolute, in a folder that exists
 * @returns the lock, or who has it
 */
export async function tryLock(file: string): Promise<Lock | { heldBy: ProcessIdentity }> {
  const me = identify(process.pid);
  if (!me) throw new Error('This process cannot be identified: neither /proc nor ps works.');
  const mine = JSON.stringify({ ...me, token: randomBytes(8).toString('hex') } satisfies LockFile);
  for (;;) {
    const current = readIfThere(file);
    if (current === undefined) {
      if (linkWith(file, mine)) {
        await delay(settleMs);
        if (readIfThere(file) === mine) return { release: () => release(file, mine) };
      }
      continue;
    }
    const holder = parse(current);
    if (holder && isRunning(holder))
      return { heldBy: { pid: holder.pid, startedAt: holder.startedAt, command: holder.command } };
    removeStale(file, current);
  }
}

/**
 * Takes the lock as soon as it is free.
 * @param onWait called once, with the holder, when it is not free at once
 * @throws the signal's reason
 */
export async function waitForLock(
  file: string,
  signal: AbortSignal,
  onWait: (holder: ProcessIdentity) => void,
): Promise<Lock> {
  for (let isReported = false; ; isReported = true) {
    const result = await tryLock(file);
    if ('release' in result) return result;
    if (!isReported) onWait(result.heldBy);
    await delay(waitMs, undefined, { signal });
  }
}

/** Creates the file with all of its content at once, or not at all: an O_EXCL file would be empty for a moment. */
function linkWith(file: string, content: string): boolean {
  const temporary = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, content, { mode: 0o600 });
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Moves the dead holder's file aside; should a rival have put a live one there since it was read, that one is put back. */
function removeStale(file: string, seen: string): void {
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== seen) linkSync(aside, file);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'EEXIST')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function release(file: string, mine: string): void {
  if (readIfThere(file) === mine) rmSync(file, { force: true });
}

function parse(content: string): LockFile | undefined {
  try {
    return JSON.parse(content) as LockFile;
  } catch {
    return undefined;
  }
}
