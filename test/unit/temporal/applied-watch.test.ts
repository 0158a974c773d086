import { describe, expect, it } from 'vitest';
import { createAppliedWatch } from '../../../src/temporal/applied-watch.js';

const never = new Promise<void>(() => undefined);
const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('a caller that waits', () => {
  it('is let go as soon as MongoDB has it, before the workflow answers', async () => {
    const waitForApplied = createAppliedWatch();
    let reads = 0;
    await waitForApplied(never, () => Promise.resolve(++reads === 3));
    expect(reads).toBe(3);
  });

  it('is let go by the workflow, and looks no more', async () => {
    const waitForApplied = createAppliedWatch();
    let reads = 0;
    await waitForApplied(after(60), () => {
      reads += 1;
      return Promise.resolve(false);
    });
    const atTheEnd = reads;
    await after(60);
    expect(reads).toBeLessThanOrEqual(atTheEnd + 1);
  });

  it('goes on waiting when MongoDB cannot be asked', async () => {
    const waitForApplied = createAppliedWatch();
    await waitForApplied(after(80), () => Promise.reject(new Error('down')));
  });

  it('leaves it to the workflow while many wait', async () => {
    const waitForApplied = createAppliedWatch();
    let reads = 0;
    const poll = () => {
      reads += 1;
      return Promise.resolve(true);
    };
    await Promise.all(Array.from({ length: 10 }, () => waitForApplied(after(80), poll)));
    expect(reads).toBe(0);
  });
});
