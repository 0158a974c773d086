import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { traceFields } from './tracing/tracing.js';

export type { Logger };

/** Names under which a secret could stand in a logged object; their values are replaced. A net, not a licence. */
const secretNames = ['authorization', 'cookie', 'key', 'secret', 'token', 'password', 'api_key'];
const secretPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
const censor = '[redacted]';

/**
 * One JSON line an event. Ids and codes only: no body, no query string, no personal text.
 * @param around what each line says besides, asked as it is written: a new object each time
 * @param destination where the lines go; standard output by default
 */
export function createLogger(
  level: string,
  base: Record<string, string> = {},
  around?: () => object,
  destination?: DestinationStream,
): Logger {
  const options: LoggerOptions = {
    level,
    base: { ...base, pid: process.pid },
    mixin: () => (around ? Object.assign(around(), traceFields()) : traceFields()),
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretPaths, censor },
    serializers: { err: safeError },
    formatters: { level: (label) => ({ level: label }) },
  };
  return pino(options, destination);
}

/**
 * For lines without objects in them: looking for secrets in those takes five times as long as the rest of a line, and
 * requests have one each.
 */
export const forFlatLines = (logger: Logger): Logger => logger.child({}, { redact: { paths: secretNames, censor } });

/** An error's name, code and stack frames; its message may hold what others sent, so only our own errors' are kept. */
function safeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    code,
    stack: error.stack
      ?.split('\n')
      .filter((line) => line.startsWith('    at '))
      .join('\n'),
  };
}
