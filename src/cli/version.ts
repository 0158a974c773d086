import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The project's, from the nearest package.json above: this file is run from dist/. */
export function version(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json')) && folder !== path.dirname(folder))
    folder = path.dirname(folder);
  const { version: text } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version?: string };
  return text ?? 'unknown';
}
