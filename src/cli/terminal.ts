import { text as readAll } from 'node:stream/consumers';
import { createPaint, type Paint } from '../lib/paint.js';
import { redact } from './output/redact.js';

/** Where a command reads and writes. */
export interface Terminal {
  /** For stdout, a line or several. */
  out: (text: string) => void;
  /** For stderr: what is not the result. Keys and secrets in it are blotted out. */
  note: (text: string) => void;
  /** Columns of stdout; null when nobody looks at it, and lines may have any length. */
  width: number | null;
  paint: Paint;
  paintNotes: Paint;
  now: Date;
  /** All of stdin. */
  readInput: () => Promise<string>;
}

/** @param secrets texts that notes must not show, whatever the API answers with */
export function openTerminal(env: NodeJS.ProcessEnv, secrets: () => readonly string[]): Terminal {
  const { stdout, stderr, stdin } = process;
  return {
    out: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${redact(text, secrets())}\n`),
    width: widthOf(stdout, env),
    paint: createPaint(stdout.isTTY && !env.NO_COLOR),
    paintNotes: createPaint(stderr.isTTY && !env.NO_COLOR),
    now: new Date(),
    readInput: () => readAll(stdin),
  };
}

/** COLUMNS comes first, as in other programs: it is how a script asks for a width. */
function widthOf(stdout: NodeJS.WriteStream, { COLUMNS }: NodeJS.ProcessEnv): number | null {
  if (/^\d{2,4}$/.test(COLUMNS ?? '')) return Number(COLUMNS);
  return stdout.isTTY && stdout.columns > 0 ? stdout.columns : null;
}
