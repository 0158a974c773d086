import type { Paint } from '../../lib/paint.js';
import { oneLine, printable } from '../output/printable.js';
import { shortTime } from '../output/time.js';
import type { Message } from './message.js';
import type { Verdict } from './verify.js';

/** A message, what was thought of it, and what it was answered with. */
export interface Report {
  message: Message;
  verdict: Verdict;
  /** 1 the first time that its `webhook-id` came. */
  time: number;
  status: number;
  /** Why it was not passed on. */
  forwardError?: string;
}

/** One line of JSON. The body is an object where it is JSON, else a text. */
export function reportJson({ message, verdict, time, status, forwardError }: Report): string {
  const { at, headers, header, rawBody } = message;
  return JSON.stringify({
    at: at.toISOString(),
    id: header('webhook-id') ?? null,
    type: header('x-keeptrusts-event') ?? null,
    time,
    ...verdict,
    status,
    ...(forwardError !== undefined && { forward_error: forwardError }),
    headers,
    body: parsed(rawBody) ?? rawBody.toString('utf8'),
  });
}

const mostLines = 120;

/** What people read: the verdict first, then why, then the body. */
export function reportText({ message, verdict, time, status, forwardError }: Report, paint: Paint): string {
  const { at, header, rawBody } = message;
  const { verified, faults, remarks } = verdict;
  const word =
    verified === null
      ? paint('yellow', '? not verified')
      : verified
        ? paint('green', '✓ verified')
        : paint('red', '✗ wrong');
  const head = [
    shortTime(at.toISOString(), at),
    word,
    paint('bold', oneLine(header('x-keeptrusts-event') ?? 'no X-Keeptrusts-Event')),
    oneLine(header('webhook-id') ?? 'no webhook-id'),
    `→ ${status}`,
  ].join('  ');
  const lines = [
    ...faults.map((fault) => paint('red', `✗ ${fault}`)),
    ...remarks.map((remark) => paint('yellow', `! ${remark}`)),
    ...(time > 1 ? [paint('yellow', `! This webhook-id came before; it is the ${time}. time. Take it once.`)] : []),
    ...(forwardError === undefined ? [] : [paint('red', `✗ ${forwardError}`)]),
  ];
  return [head, ...[...lines, ...bodyLines(rawBody)].map((line) => `  ${line}`)].join('\n');
}

function bodyLines(rawBody: Buffer): string[] {
  if (rawBody.length === 0) return ['(no body)'];
  const lines = printable(pretty(rawBody)).split('\n');
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines), `… ${lines.length - mostLines} more lines; --json has all.`];
}

function pretty(rawBody: Buffer): string {
  const value = parsed(rawBody);
  try {
    if (value !== undefined) return JSON.stringify(value, null, 2);
  } catch {
    // Nested too deeply to be written.
  }
  const text = rawBody.toString('utf8');
  return text.length > 20_000 ? `${text.slice(0, 20_000)}…` : text;
}

function parsed(rawBody: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody)) as unknown;
  } catch {
    return undefined;
  }
}
