import type { Locator, Page } from 'playwright-core';

/** The sync status badge of the ticket itself; thread entries have badges with the same texts. */
export const ticketBadge = (page: Page, text: string): Locator =>
  page.locator('#ticket-sync > p > .badge', { hasText: text });

/** Waits until no change of the ticket is pending, so that the section stops refreshing itself. */
export const untilTicketIdle = (page: Page): Promise<void> => page.locator('#ticket-sync:not([hx-trigger])').waitFor();
