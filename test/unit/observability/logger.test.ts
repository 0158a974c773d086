import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** What a program logs to its stdout. */
function logged(program: string): Record<string, unknown>[] {
  const logger = path.resolve('dist/src/observability/logger.js');
  const source = `import { createLogger, forFlatLines } from ${JSON.stringify(logger)}; ${program}`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the logger', () => {
  it('replaces what stands under a secret’s name, two objects deep', () => {
    const [line] = logged(
      `createLogger('info').info({ token: 'canary', a: { key: 'canary', b: { secret: 'canary' } }, n: 1 }, 'said');`,
    );
    expect(JSON.stringify(line)).not.toContain('canary');
    expect(line).toMatchObject({ token: '[redacted]', n: 1, msg: 'said' });
  });

  it('replaces it in flat lines, too, which are like any others', () => {
    const [line] = logged(
      `forFlatLines(createLogger('info', { process: 'api' })).info({ authorization: 'canary', err: new Error('canary') }, 'said');`,
    );
    expect(JSON.stringify(line)).not.toContain('canary');
    expect(line).toMatchObject({ level: 'info', process: 'api', authorization: '[redacted]', err: { type: 'Error' } });
  });
});
