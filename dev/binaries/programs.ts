import { accessSync, constants, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

/** The first executable file of this name on PATH, absolute; undefined when there is none. */
export function onPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

/** Where the cache keeps a program: `bin/{label}/{name}`. A label has the version where we chose it, so that a newer one is built anew. */
export const cachedPath = (cache: string, label: string, name: string) => path.join(cache, 'bin', label, name);

/** The cached program's path, or undefined when it is not there. */
export function inCache(cache: string, label: string, name: string): string | undefined {
  const file = cachedPath(cache, label, name);
  return isExecutable(file) ? file : undefined;
}

/** Moves a finished program into the cache, in one step: nobody ever finds half of one. Both have to be on the same file system. */
export function putIntoCache(built: string, cache: string, label: string, name: string): string {
  const file = cachedPath(cache, label, name);
  mkdirSync(path.dirname(file), { recursive: true });
  renameSync(built, file);
  return file;
}

/** An empty folder below the cache to build or download in, removed afterwards. Only the holder of the lock uses it. */
export async function withWorkFolder<T>(cache: string, label: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = path.join(cache, 'work', label);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
