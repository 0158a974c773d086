import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** The list row that links to this path. */
export const rowOf = (page: Page, path: string): Locator => page.locator(`tr[data-href="${path}"]`);

/**
 * Waits until the matching elements have exactly these texts. `allTextContents` alone does not wait: right after a click
 * the page may still be parsed, or htmx may be about to replace part of it.
 */
export async function expectTexts(shown: Locator, texts: readonly unknown[]): Promise<void> {
  await expect.poll(() => shown.allTextContents()).toEqual(texts);
}

/** Waits until this many elements match. */
export async function expectCount(shown: Locator, count: number): Promise<void> {
  await expect.poll(() => shown.count()).toBe(count);
}
