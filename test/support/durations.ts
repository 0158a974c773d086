import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BaseSequencer, type Reporter, type TestModule, type TestSpecification } from 'vitest/node';

/**
 * How long each test file takes, in seconds, as it was last recorded with `npm run test:durations`. Files that take less than
 * a second are left out.
 */
const file = path.join(import.meta.dirname, '../durations.json');
const root = path.join(import.meta.dirname, '../..');
const nameOf = (moduleId: string) => path.relative(root, moduleId);

const readDurations = () => JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;

/** Starts the longest file first: started last, it would keep one worker busy while the others have nothing left to do. */
export class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const durations = readDurations();
    const durationOf = ({ moduleId }: TestSpecification) => durations[nameOf(moduleId)] ?? 0;
    return Promise.resolve([...files].sort((a, b) => durationOf(b) - durationOf(a)));
  }
}

/** Writes the record down, from a run of all files. */
export class RecordDurations implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const durations = modules
      .map((module) => [nameOf(module.moduleId), Math.round(module.diagnostic().duration / 1_000)] as const)
      .filter(([, seconds]) => seconds > 0)
      .sort(([one], [other]) => (one < other ? -1 : 1));
    writeFileSync(file, `${JSON.stringify(Object.fromEntries(durations), null, 2)}\n`);
  }
}
