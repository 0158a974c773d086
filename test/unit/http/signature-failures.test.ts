import { describe, expect, it } from 'vitest';
import { createSignatureFailures } from '../../../src/http/signature-failures.js';

describe('wrong signatures', () => {
  it('are limited to sixty a minute per address', async () => {
    const failures = createSignatureFailures(100);
    for (let i = 0; i < 60; i++) await failures.fail('1.2.3.4');
    await expect(failures.fail('1.2.3.4')).rejects.toMatchObject({ status: 429 });
    await expect(failures.fail('1.2.3.4')).rejects.toHaveProperty(
      'extras.headers.Retry-After',
      expect.stringMatching(/^\d+$/),
    );
    await expect(failures.fail('1.2.3.5')).resolves.toBeUndefined();
  });

  it('are not limited while rate limits are off', async () => {
    const failures = createSignatureFailures(0);
    for (let i = 0; i < 100; i++) await failures.fail('1.2.3.4');
  });
});
