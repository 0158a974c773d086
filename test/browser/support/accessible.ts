import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** By the rules of axe-core: nothing on this page keeps anybody out. */
export async function expectAccessible(page: Page): Promise<void> {
  // As the browser's own tools do it: past the policy that keeps pages from loading scripts.
  await page.evaluate(axe);
  const found = await page.evaluate(
    'axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`))',
  );
  expect(found).toEqual([]);
}
