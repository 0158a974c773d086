import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.js';

/** For `test/replay/record-*.ts`, which are no tests. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/replay/record-*.ts'], testTimeout: 120_000 },
});
