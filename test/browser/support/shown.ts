import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** The row of a list that leads to this path, whatever else the list shows meanwhile. */
export const rowOf = (page: Page, path: string): Locator => page.locator(`tr[data-href="${path}"]`);

/**
 * Waits until these are shown with these texts, and no others. A list of texts that is read once may be that of a page
 * which is still coming in, or which is about to renew itself.
 */
export async function expectTexts(shown: Locator, texts: readonly unknown[]): Promise<void> {
  await expect.poll(() => shown.allTextContents()).toEqual(texts);
}

/** Waits until this many are shown. */
export async function expectCount(shown: Locator, count: number): Promise<void> {
  await expect.poll(() => shown.count()).toBe(count);
}
