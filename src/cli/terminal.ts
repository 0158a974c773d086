import { text as readAll } from 'node:stream/consumers';
import { createPaint, type Paint } from '../lib/paint.js';
import { redact } from './output/text.js';

/** What kt gets from its process; tests pass streams of their own. */
export interface CliIo {
  env: NodeJS.ProcessEnv;
  stdin: NodeJS.ReadableStream;
  stdout: OutputStream;
  stderr: OutputStream;
  /** Aborted on SIGINT and SIGTERM, which don't end the process any more once this has been called. */
  stopSignal: () => AbortSignal;
}

type OutputStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/** Where a command reads and writes. */
export interface Terminal {
  /** Writes the result to stdout. */
  out: (text: string) => void;
  /** Writes anything else to stderr, with keys and secrets redacted. */
  note: (text: string) => void;
  /** Columns of stdout; null when stdout is not a terminal, and lines may have any length. */
  width: number | null;
  paint: Paint;
  paintNotes: Paint;
  now: Date;
  /** Reads stdin to its end. */
  readInput: () => Promise<string>;
}

/** @param secrets texts that notes must never show; more may be added later */
export function openTerminal(io: CliIo, secrets: readonly string[]): Terminal {
  const { env, stdout, stderr } = io;
  return {
    out: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${redact(text, secrets)}\n`),
    width: widthOf(stdout, env),
    paint: createPaint(stdout.isTTY === true && !env.NO_COLOR),
    paintNotes: createPaint(stderr.isTTY === true && !env.NO_COLOR),
    now: new Date(),
    readInput: () => readAll(io.stdin),
  };
}

/** COLUMNS takes precedence, as in other programs: scripts set it to ask for a width. */
function widthOf({ isTTY, columns = 0 }: OutputStream, { COLUMNS }: NodeJS.ProcessEnv): number | null {
  if (/^\d{2,4}$/.test(COLUMNS ?? '')) return Number(COLUMNS);
  return isTTY && columns > 0 ? columns : null;
}
