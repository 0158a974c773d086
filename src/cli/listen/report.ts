import type { Paint } from '../../lib/paint.js';
import { oneLine, printable } from '../output/text.js';
import { shortTime } from '../output/time.js';
import type { Message, Verification } from './verify.js';

/** A message, its verification, and the response to it. */
export interface Report {
  message: Message;
  verification: Verification;
  /** How often its `webhook-id` has come, this time included. */
  time: number;
  status: number;
  /** Why it could not be forwarded. */
  forwardError: string | undefined;
}

/** One line of JSON. The body is an object where it is JSON, else a text. */
export function reportJson({ message, verification, time, status, forwardError }: Report): string {
  const { at, headers, header, rawBody } = message;
  return JSON.stringify({
    at: at.toISOString(),
    id: header('webhook-id') ?? null,
    type: header('x-keeptrusts-event') ?? null,
    time,
    ...verification,
    status,
    forward_error: forwardError,
    headers,
    body: parseJson(rawBody) ?? rawBody.toString('utf8'),
  });
}

const maxBodyLines = 120;
const maxTextLength = 20_000;

/** For people: the result, the reasons for it, and the body unless it is to be brief. */
export function reportText(
  { message, verification, time, status, forwardError }: Report,
  { paint, isBrief }: { paint: Paint; isBrief: boolean },
): string {
  const { at, header, rawBody } = message;
  const head = [
    shortTime(at.toISOString(), at),
    verifiedText(verification, paint),
    paint('bold', oneLine(header('x-keeptrusts-event') ?? 'no X-Keeptrusts-Event')),
    oneLine(header('webhook-id') ?? 'no webhook-id'),
    `→ ${status}`,
  ].join('  ');
  const lines = [
    ...verification.faults.map((fault) => paint('red', `✗ ${fault}`)),
    ...verification.remarks.map((remark) => paint('yellow', `! ${remark}`)),
  ];
  if (time > 1) {
    lines.push(paint('yellow', `! This webhook-id came before; it is the ${time}. time. Process it only once.`));
  }
  if (forwardError !== undefined) lines.push(paint('red', `✗ ${forwardError}`));
  if (!isBrief) lines.push(...bodyLines(rawBody));
  // Bodies take many lines: an empty one tells messages apart.
  return [head, ...lines.map((line) => `  ${line}`), ...(isBrief ? [] : [''])].join('\n');
}

function verifiedText({ verified }: Verification, paint: Paint): string {
  if (verified === null) return paint('yellow', '? not verified');
  return verified ? paint('green', '✓ verified') : paint('red', '✗ wrong');
}

function bodyLines(rawBody: Buffer): string[] {
  if (rawBody.length === 0) return ['(no body)'];
  const lines = printable(formatBody(rawBody)).split('\n');
  if (lines.length <= maxBodyLines) return lines;
  return [...lines.slice(0, maxBodyLines), `… ${lines.length - maxBodyLines} more lines; --json prints all.`];
}

function formatBody(rawBody: Buffer): string {
  const value = parseJson(rawBody);
  try {
    if (value !== undefined) return JSON.stringify(value, null, 2);
  } catch {
    // JSON.stringify overflows the stack on deep nesting. The text itself is shown then.
  }
  const text = rawBody.toString('utf8');
  return text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
}

function parseJson(rawBody: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody)) as unknown;
  } catch {
    return undefined;
  }
}
