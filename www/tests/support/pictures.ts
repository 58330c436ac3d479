import type { Page } from '@playwright/test';

/** Each run would change the documentation's pictures by a time or a number: only who asks for new ones gets them there. */
const FOLDER = process.env['KEYFOB_PICTURES'] ?? `${import.meta.dirname}/../../test-results/pictures`;

/** So much of a long page is in its picture. */
const MOST_HEIGHT = 1500;

/** A picture of the page as it is, light and dark, for the documentation. */
export async function picture(page: Page, name: string): Promise<void> {
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.evaluate(() => scrollTo(0, 0));
  await page.setViewportSize({ ...size, height: Math.min(MOST_HEIGHT, Math.max(size.height, height)) });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: `${FOLDER}/${name}-${colorScheme}.png`, caret: 'hide' });
  }
  await page.setViewportSize(size);
}
