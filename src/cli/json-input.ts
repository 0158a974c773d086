import { readFile } from 'node:fs/promises';
import { CommandError, errorCode, UsageError } from './errors.js';
import { isObject, parseJson } from './json.js';
import type { Terminal } from './terminal.js';

/**
 * Reads a JSON object from the command line, from `@file`, or from stdin (`-`).
 * @returns its text, which is sent unchanged: parsing it would lose large numbers and repeated names
 * @throws UsageError when it is not an object, CommandError when a file cannot be read
 */
export async function readJsonObject(name: string, text: string, { readInput }: Terminal): Promise<string> {
  const source = text === '-' ? 'stdin' : text.startsWith('@') ? text.slice(1) : `--${name}`;
  const content = text === '-' ? await readInput() : text.startsWith('@') ? await readTextFile(source) : text;
  const json = content.replace(/^\ufeff/, '').trim();
  if (isObject(parseJson(json))) return json;
  throw new UsageError(
    `${source} must be a JSON object, such as '{"gateway":"eu-1"}'; @FILE reads a file, - reads stdin.`,
  );
}

async function readTextFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file} cannot be read (${errorCode(error) ?? 'unknown'}).`);
  }
}
