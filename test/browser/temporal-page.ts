import type { BrowserContext, Frame, Page } from 'playwright-core';
import { expect } from 'vitest';
import { eventually } from '../support/eventually.js';

const patience = { timeout: 20_000 };

/** The timeout of a test that opens several pages one after the other. */
export const shownMs = 120_000;

/**
 * Follows the address that the API gives, then one of the page's tabs, and waits until it shows all of this; none of
 * people's words among it.
 */
export async function expectShown(
  context: BrowserContext,
  url: string,
  tab: string | null,
  texts: string[],
): Promise<void> {
  const page = await context.newPage();
  await page.goto(url);
  if (tab !== null) await openTab(page, tab);
  const shown = await eventually(
    () => textOf(page),
    (text) => texts.every((wanted) => text.includes(wanted)),
    patience.timeout,
  );
  expect(shown).not.toContain('canary');
  await page.close();
}

/**
 * Looks at a list of workflows until it shows all of this. It is asked for anew each time, for the UI asks once, and what
 * a workflow sets is found a moment later.
 */
export async function expectListed(context: BrowserContext, url: string, texts: string[]): Promise<void> {
  const page = await context.newPage();
  await eventually(
    async () => {
      await page.goto(url);
      await page
        .getByText(/\d+ Workflows?|No Results/)
        .first()
        .waitFor(patience);
      return textOf(page);
    },
    (text) => texts.every((wanted) => text.includes(wanted)),
    patience.timeout,
  );
  await page.close();
}

/** Of its frames too, for Markdown is shown in frames of its own. */
async function textOf(page: Page): Promise<string> {
  const texts = await Promise.all(page.frames().map((frame) => frame.innerText('body').catch(() => '')));
  return texts.join('\n').replaceAll(/\s+/g, ' ');
}

/** The run's page, to which the address without a run leads. A click costs a fraction of loading the whole UI again. */
async function openTab(page: Page, tab: string): Promise<void> {
  await page.waitForURL(/\/history$/, patience);
  await page.locator(`a[href$="/${tab}"]`).first().click(patience);
}

/** This line of a workflow's details is to be seen without scrolling: the UI shows them in a frame of its own height. */
export async function expectVisible(context: BrowserContext, url: string, line: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(url);
  await openTab(page, 'user-metadata');
  const overhang = await eventually(
    async () =>
      (
        await Promise.all(
          page
            .frames()
            .slice(1)
            .map((frame) => overhangOf(frame, line)),
        )
      ).find((px) => px),
    (px) => px !== undefined,
    patience.timeout,
  );
  expect(overhang).toBeLessThan(0);
  await page.close();
}

/** @returns how far below its frame a line ends, in pixels; undefined when it is not in this frame */
async function overhangOf(frame: Frame, line: string): Promise<number | undefined> {
  try {
    const text = frame.getByText(line);
    if ((await text.count()) === 0) return undefined;
    const [inner, outer] = await Promise.all([text.boundingBox(), (await frame.frameElement()).boundingBox()]);
    return inner && outer ? inner.y + inner.height - (outer.y + outer.height) : undefined;
  } catch {
    // It was replaced by another while it was looked at.
    return undefined;
  }
}
