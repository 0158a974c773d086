import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.js';

/** `npm run screenshots`: takes the pictures of README.md anew. It is no test. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/docs/take-screenshots.ts'], testTimeout: 300_000 },
});
