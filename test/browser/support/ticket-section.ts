import type { Locator, Page } from 'playwright-core';

/** How the ticket itself stands: entries of the thread have badges with the same words. */
export const ticketBadge = (page: Page, words: string): Locator =>
  page.locator('#ticket-sync > p > .badge', { hasText: words });

/** Waits until nothing of the ticket is on its way: from then on the section does not renew itself any more. */
export const untilStill = (page: Page): Promise<void> => page.locator('#ticket-sync:not([hx-trigger])').waitFor();
