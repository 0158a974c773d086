import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** The project's folder, absolute: found from the sources and from dist/ alike. */
export function projectRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error(`No package.json above ${import.meta.dirname}.`);
    folder = parent;
  }
  return folder;
}

/**
 * The user's cache folder for the servers' binaries, absolute: `npm start`, the tests and every clone share it.
 * A relative XDG_CACHE_HOME is ignored, as its specification asks.
 */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_CACHE_HOME;
  return path.join(base && path.isAbsolute(base) ? base : path.join(env.HOME ?? homedir(), '.cache'), 'drawbridge');
}
