import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/lib/ids.js';
import { partitionOf, partitions } from '../../../src/webhooks/endpoints/partition.js';

describe('an endpoint’s partition', () => {
  it('is the same for ever: deliveries are stored with it', () => {
    const ids = ['wh_01J00000000000000000000000', 'wh_01J00000000000000000000001', 'wh_01J00000000000000000000002'];
    expect(ids.map(partitionOf)).toEqual([62, 45, 35]);
  });

  it('is one of 64, and none has far more than its share', () => {
    const counts = new Map<number, number>();
    for (let n = 0; n < 6_400; n++) {
      const partition = partitionOf(newId('wh', n));
      counts.set(partition, (counts.get(partition) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: partitions }, (_, n) => n));
    // A hundred each; ten standard deviations more would be no accident.
    expect(Math.max(...counts.values())).toBeLessThan(200);
  });
});
