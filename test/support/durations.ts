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

/**
 * Starts the longest files first: started last, one would keep a worker busy while the others have nothing left to do. Files
 * that kill whole products run one at a time, as far as the record can tell, for each takes more than a core by itself.
 */
export class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const durations = readDurations();
    const durationOf = ({ moduleId }: TestSpecification) => durations[nameOf(moduleId)] ?? 0.5;
    const sorted = [...files].sort((a, b) => durationOf(b) - durationOf(a));
    const isHeavy = ({ moduleId }: TestSpecification) => nameOf(moduleId).startsWith('test/faults/');
    const heavy = sorted.filter(isHeavy);
    const light = sorted.filter((file) => !isHeavy(file));

    // When each worker is free next, and when the heavy file ends, in seconds from the start.
    const freeAt = Array.from({ length: this.ctx.config.maxWorkers }, () => 0);
    let heavyUntil = 0;
    const order: TestSpecification[] = [];
    while (order.length < files.length) {
      const now = Math.min(...freeAt);
      const takesHeavy = heavy.length > 0 && (heavyUntil <= now || light.length === 0);
      const file = (takesHeavy ? heavy : light).shift();
      if (!file) break;
      order.push(file);
      const endsAt = now + durationOf(file);
      freeAt[freeAt.indexOf(now)] = endsAt;
      if (takesHeavy) heavyUntil = endsAt;
    }
    return Promise.resolve(order);
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
