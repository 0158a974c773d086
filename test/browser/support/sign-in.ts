import type { Page } from 'playwright-core';

/** Signs in with a key, as nobody before, and waits for the page that was asked for. @param heading that page's */
export async function signInAt(
  page: Page,
  { url, key, heading }: { url: string; key: string; heading: string },
): Promise<void> {
  await page.context().clearCookies();
  await page.goto(url);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
}
