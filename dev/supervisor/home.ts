import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { tryLock, type Lock } from '../process/lock.js';

/** DRAWBRIDGE_HOME: one start's data, keys and logs. All paths are absolute; the folder is 0700, the files 0600. */
export interface Home {
  readonly folder: string;
  readonly keysFile: string;
  /** The ports of the last start, so that links keep working. */
  readonly portsFile: string;
  /** What runs now; a file that is there at a start was left behind by a crash. */
  readonly runFile: string;
  readonly temporalFile: string;
  readonly mongoFolder: string;
  logFile(name: string): string;
}

/** The home is in use. */
export class HomeInUseError extends Error {
  constructor(folder: string, pid: number) {
    super(
      `Drawbridge already runs from ${folder} (process ${pid}). Stop that one, or set DRAWBRIDGE_HOME to another folder to run a second one.`,
    );
    this.name = 'HomeInUseError';
  }
}

/**
 * Opens the home, made when it is not there, for one start alone.
 * @param setting DRAWBRIDGE_HOME; a relative one counts from the current folder
 * @throws HomeInUseError with the other start's pid
 */
export async function openHome(setting: string | undefined, root: string): Promise<{ home: Home; lock: Lock }> {
  const folder = setting ? path.resolve(setting) : path.join(root, '.drawbridge');
  for (const each of [folder, path.join(folder, 'data'), path.join(folder, 'logs')]) {
    mkdirSync(each, { recursive: true, mode: 0o700 });
    chmodSync(each, 0o700);
  }
  const lock = await tryLock(path.join(folder, 'lock'));
  if ('heldBy' in lock) throw new HomeInUseError(folder, lock.heldBy.pid);
  return {
    lock,
    home: {
      folder,
      keysFile: path.join(folder, 'keys.json'),
      portsFile: path.join(folder, 'ports.json'),
      runFile: path.join(folder, 'run.json'),
      temporalFile: path.join(folder, 'data', 'temporal.db'),
      mongoFolder: path.join(folder, 'data', 'mongo'),
      logFile: (name) => path.join(folder, 'logs', `${name}.log`),
    },
  };
}
