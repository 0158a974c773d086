import { readFile } from 'node:fs/promises';
import { CannotError, codeOf, UsageError } from '../errors.js';
import type { Terminal } from '../terminal.js';

export const bodyOption = {
  kind: 'text',
  value: 'TEXT',
  required: true,
  help: 'the text; - reads it from stdin',
} as const;

/** A text as it was given, or stdin's without its last line feed. */
export const readBody = async (text: string, { readInput }: Pick<Terminal, 'readInput'>) =>
  text === '-' ? (await readInput()).replace(/\r?\n$/, '') : text;

/**
 * A JSON object as text, from the command line, from `@file` or from `-`, stdin.
 * The text goes out as it is, so that large numbers and repeated names are not read and written anew.
 * @throws UsageError for what is no object, CannotError for a file that cannot be read
 */
export async function readJsonObject(
  name: string,
  text: string,
  terminal: Pick<Terminal, 'readInput'>,
): Promise<string> {
  const json = (await readSource(text, terminal)).replace(/^\ufeff/, '').trim();
  if (isObject(json)) return json;
  const what = text === '-' ? 'What stdin gave' : text.startsWith('@') ? text.slice(1) : `--${name}`;
  throw new UsageError(
    `${what} must be a JSON object, such as '{"gateway":"eu-1"}'; @FILE reads a file, - reads stdin.`,
  );
}

async function readSource(text: string, { readInput }: Pick<Terminal, 'readInput'>): Promise<string> {
  if (text === '-') return readInput();
  if (!text.startsWith('@')) return text;
  try {
    return await readFile(text.slice(1), 'utf8');
  } catch (error) {
    throw new CannotError(`${text.slice(1)} cannot be read (${codeOf(error) ?? 'unknown'}).`);
  }
}

function isObject(json: string): boolean {
  try {
    const value = JSON.parse(json) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
