import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

/** A log is moved aside (one generation) when its process starts and it has become larger than this. */
const maxBytes = 10 * 1024 * 1024;
const tailBytes = 8 * 1024;
const tailLines = 15;

/**
 * Opens a log for a child to append to, readable by its owner alone.
 * @returns the descriptor, to be closed, and the size so far in bytes
 */
export function openLog(file: string): { fd: number; size: number } {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > maxBytes) renameSync(file, `${file}.1`);
  const fd = openSync(file, 'a', 0o600);
  chmodSync(file, 0o600);
  return { fd, size: fstatSync(fd).size };
}

/** The last lines of a file after a position in bytes; empty when there are none. */
export function readTail(file: string, from = 0): string {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(fd);
    const start = Math.max(from, size - tailBytes);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    const read = readSync(fd, buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, read).trimEnd().split('\n').slice(-tailLines).join('\n');
  } finally {
    closeSync(fd);
  }
}
