import { rmSync, writeFileSync } from 'node:fs';

export interface AliveFileOptions {
  file: string;
  /** Asked at each beat; while it says no, the file is left to grow old. */
  isAlive: () => boolean;
  beatMs: number;
}

/**
 * Writes a file now and every `beatMs`, for health checks of a process that has no port: one that is older than a minute says that
 * its event loop stands still, or that what it is for has stopped. It says nothing of MongoDB or Temporal, whose outages no restart mends.
 * @returns a function that ends that, and removes the file
 * @throws the file system's error, such as EROFS, when the first write fails
 */
export function keepAliveFile({ file, isAlive, beatMs }: AliveFileOptions): () => void {
  const beat = () => {
    if (isAlive()) writeFileSync(file, `${new Date().toISOString()}\n`, { mode: 0o644 });
  };
  beat();
  const timer = setInterval(() => {
    try {
      beat();
    } catch {
      // A full disk, say: the file grows old, which is what it is for.
    }
  }, beatMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    rmSync(file, { force: true });
  };
}
