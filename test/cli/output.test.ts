import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createPaint } from '../../src/lib/paint.js';
import { table } from '../../src/cli/output/table.js';
import { cut, oneLine, printable, redact, textWidth } from '../../src/cli/output/text.js';
import { distance, fullTime, parseTime, shortTime } from '../../src/cli/output/time.js';
import { startFakeApi } from './support/fake-api.js';
import { kt, main } from './support/kt.js';

const plain = createPaint(false);
const columns = [
  { title: 'ID', of: (row: string[]) => row[0] ?? '' },
  { title: 'TITLE', of: (row: string[]) => row[1] ?? '', flexible: true as const },
  { title: 'WHO', of: (row: string[]) => row[2] ?? '', flexible: true as const },
];

test('a table cuts flexible columns to the width, and no others', () => {
  const row = ['esc_0123456789', 'A title that goes on and on and on', 'Somebody'];
  expect(table(columns, [row], { width: 45, paint: plain }).split('\n')).toEqual([
    'ID              TITLE                WHO',
    'esc_0123456789  A title that goes…   Somebody',
  ]);
  expect(table(columns, [row], { width: null, paint: plain })).toContain('on and on and on  Somebody');
  expect(table(columns, [row], { width: 10, paint: plain })).toContain('esc_0123456789');
});

test('whatever stands in the cells, lines fit and columns stay in line', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', ' ', 'ß', '漢', '👩‍👩‍👧', 'é', '\u001b', '\n', '\u202e'),
    maxLength: 60,
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constant('id_1'), cell, cell), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 30, max: 90 }),
      (rows, width) => {
        const lines = table(columns, rows, { width, paint: plain }).split('\n');
        expect(lines).toHaveLength(rows.length + 1);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
      },
    ),
  );
});

test('wide letters take two columns, accents none', () => {
  expect([textWidth('漢字'), textWidth('e\u0301'), textWidth('👍'), textWidth('')]).toEqual([4, 1, 2, 0]);
  expect(cut('漢字漢字', 5)).toBe('漢字…');
  expect(textWidth(cut('漢字漢字', 4))).toBeLessThanOrEqual(4);
});

test('nothing of a stranger’s text reaches the terminal as a command', () => {
  expect(printable('a\u001b[2Jb\r\nc\u009b1m\u202ed\te')).toBe('a\\u001b[2Jb\nc\\u009b1m\\u202ed    e');
  expect(oneLine(' a\n\tb ')).toBe('a b');
});

test('times are short in tables and exact elsewhere', () => {
  const now = new Date(2026, 4, 3, 14, 30, 0);
  const iso = (...parts: [number, number, number, number, number, number]) => new Date(...parts).toISOString();
  expect(shortTime(iso(2026, 4, 3, 9, 5, 7), now)).toBe('09:05:07');
  expect(shortTime(iso(2026, 1, 28, 9, 5, 7), now)).toBe('28 Feb 09:05');
  expect(shortTime(iso(2025, 1, 28, 9, 5, 7), now)).toBe('28 Feb 2025');
  expect(shortTime(null, now)).toBe('–');
  expect(fullTime(iso(2026, 4, 3, 14, 25, 0), now)).toBe('2026-05-03 14:25:00 (5 min ago)');
  expect(distance(iso(2026, 4, 3, 14, 31, 0), now)).toBe('in 60 s');
  expect(distance(iso(2026, 4, 6, 14, 31, 0), now)).toBe('in 3 d');
});

test('a moment is ISO 8601 or how long ago, and nothing else', () => {
  const now = new Date('2026-05-03T12:00:00Z');
  expect(parseTime('90m', now)?.toISOString()).toBe('2026-05-03T10:30:00.000Z');
  expect(parseTime('7d', now)?.toISOString()).toBe('2026-04-26T12:00:00.000Z');
  expect(parseTime('2026-05-01T10:00:00+02:00', now)?.toISOString()).toBe('2026-05-01T08:00:00.000Z');
  expect(parseTime('2026-05-01', now)).toEqual(new Date(2026, 4, 1));
  for (const wrong of ['', 'yesterday', '5', '1', '2026', '-1h', '2026-13-01', 'May 1 2026']) {
    expect(parseTime(wrong, now)).toBeNull();
  }
});

test('notes show no key and no secret', () => {
  const text = `x my-own-key y dbk_${'a'.repeat(42)} whsec_${'B'.repeat(43)}= dbadm_${'c'.repeat(32)}`;
  expect(redact(text, ['my-own-key', ''])).toBe('x [hidden] y dbk_[hidden] whsec_[hidden] dbadm_[hidden]');
});

test('colours are for a terminal only, and not with NO_COLOR', async () => {
  const api = await startFakeApi(() => ({
    status: 200,
    body: { ready: true, checks: [{ id: 'worker', status: 'ready', detail: '.' }] },
  }));
  onTestFinished(() => api.close());
  const onTerminal = async (env: Record<string, string>) => {
    const command = `stty cols 60; '${process.execPath}' '${main}' readiness`;
    const options = { env: { PATH: process.env.PATH ?? '', TERM: 'xterm', ...api.env, ...env } };
    return (await promisify(execFile)('script', ['-qec', command, '/dev/null'], options)).stdout;
  };
  expect(await onTerminal({})).toContain('\u001b[32mready\u001b[0m');
  expect(await onTerminal({ NO_COLOR: '1' })).not.toContain('\u001b[');
  expect((await kt(['readiness'], api.env)).stdout).not.toContain('\u001b[');
});

test('a table fits into COLUMNS', async () => {
  const entry = { id: 'org', name: 'A very long name '.repeat(20), created_at: '2024-05-03T14:03:22.000Z' };
  const api = await startFakeApi(() => ({ status: 200, body: { data: [entry], next_cursor: null } }));
  onTestFinished(() => api.close());
  const { stdout } = await kt(['org', 'list'], { ...api.env, COLUMNS: '50' });
  expect(stdout.split('\n').map((line) => line.length)).toEqual([expect.any(Number), 50, 0]);
});

test('a reader that has read enough is no error', async () => {
  const entry = { id: 'org', name: 'x'.repeat(1_000), created_at: '2024-05-03T14:03:22.000Z' };
  const api = await startFakeApi(() => ({ status: 200, body: { data: Array(2_000).fill(entry), next_cursor: null } }));
  onTestFinished(() => api.close());
  const command = `set -o pipefail; '${process.execPath}' '${main}' org list | head -1`;
  const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', command], {
    env: { PATH: process.env.PATH ?? '', ...api.env },
  });
  expect(stdout).toMatch(/^ID +NAME/);
  expect(stderr).toBe('');
});
