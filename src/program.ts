import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError, loadConfig, type Config } from './config/index.js';
import { keepAliveFile } from './ops/health/alive-file.js';
import { createLogger, type Logger } from './observability/logger.js';
import { mayStart } from './start-on-message.js';

/** Stops what was started; resolves when it has stopped. */
export type Stop = () => Promise<void>;

export interface Program {
  /** `import.meta.url` of the composition root: imported by a test, it starts nothing by itself. */
  url: string;
  /** Its name in logs. */
  name: string;
  /** What each line of its log says besides; see createLogger. */
  logContext?: () => object;
  start: (config: Config, logger: Logger) => Promise<Started>;
}

export interface Started {
  stop: Stop;
  /** Whether it still does what it is for; a process that answers calls need not say. */
  isAlive?: () => boolean;
}

/**
 * Runs one of the processes: starts it, waits for SIGTERM or SIGINT, stops it. A second signal changes nothing.
 * Exits with 1 when it cannot start; what is wrong with the configuration goes to the terminal in full.
 */
export async function runProgram({ url, name, logContext, start }: Program): Promise<void> {
  if (!isMain(url)) return;
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, resolve);
  });
  let logger = createLogger('info', { process: name });
  try {
    const config = loadConfig();
    logger = createLogger(config.logLevel, { process: name }, logContext);
    logger.debug('loaded');
    if (await mayStart(signalled)) {
      const { stop, isAlive = () => true } = await start(config, logger);
      const leave = aliveFile(config, isAlive);
      logger.info({ signal: await signalled }, 'stopping');
      await stop();
      leave?.();
    }
  } catch (error) {
    if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
    else logger.fatal({ err: error }, 'cannot go on');
    process.exitCode = 1;
  }
  // Whatever is still open, a retrying driver say, is not to keep a stopped process alive.
  setTimeout(() => process.exit(), 1_000).unref();
}

function isMain(url: string): boolean {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === fileURLToPath(url);
}

function aliveFile({ healthFile, timings }: Config, isAlive: () => boolean): (() => void) | undefined {
  if (healthFile === undefined) return undefined;
  return keepAliveFile({ file: healthFile, isAlive, beatMs: timings.observability.healthFileEveryMs });
}
