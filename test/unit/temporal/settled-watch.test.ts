import { describe, expect, it } from 'vitest';
import { createSettledWatch } from '../../../src/temporal/settled-watch.js';

const never = new Promise<void>(() => undefined);
const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('a caller that waits', () => {
  it('is let go as soon as MongoDB has it, before the workflow answers', async () => {
    const untilSettled = createSettledWatch();
    let looks = 0;
    await untilSettled(never, () => Promise.resolve(++looks === 3));
    expect(looks).toBe(3);
  });

  it('is let go by the workflow, and looks no more', async () => {
    const untilSettled = createSettledWatch();
    let looks = 0;
    await untilSettled(after(60), () => {
      looks += 1;
      return Promise.resolve(false);
    });
    const atTheEnd = looks;
    await after(60);
    expect(looks).toBeLessThanOrEqual(atTheEnd + 1);
  });

  it('goes on waiting when MongoDB cannot be asked', async () => {
    const untilSettled = createSettledWatch();
    await untilSettled(after(80), () => Promise.reject(new Error('down')));
  });

  it('leaves it to the workflow while many wait', async () => {
    const untilSettled = createSettledWatch();
    let looks = 0;
    const look = () => {
      looks += 1;
      return Promise.resolve(true);
    };
    await Promise.all(Array.from({ length: 10 }, () => untilSettled(after(80), look)));
    expect(looks).toBe(0);
  });
});
