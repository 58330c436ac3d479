import { AxeBuilder } from '@axe-core/playwright';
import { type Page, expect } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** The least side of what is pressed (WCAG 2.5.8), in CSS pixels. */
const TARGET = 24;

/** No violation, nothing to scroll for sideways, and nothing too small to press: wide and 320 px, light and dark, and with text of 200 %. */
export async function expectAccessible(page: Page): Promise<void> {
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  for (const viewport of [size, { width: 320, height: 640 }]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectNoViolation(page);
    }
    await expectTargets(page);
    await expectNoSidewaysScroll(page);
  }
  await textSize(page, '200%');
  await expectNoViolation(page);
  await expectNoSidewaysScroll(page);
  await textSize(page, '');
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

export async function expectNoViolation(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${String(target)} ${failureSummary ?? ''}`).join('; ')}`);
  expect(told).toEqual([]);
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const wide = () => page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > width).map((element) => element.outerHTML.slice(0, 80));
  });
  await expect.poll(wide, 'what has to be scrolled to sideways').toEqual([]);
}

async function expectTargets(page: Page): Promise<void> {
  const small = () => page.locator('button, input, select, a:not(p a, .skip-link)').evaluateAll((elements, least) => elements
    .map((element) => ({ name: element.outerHTML.slice(0, 80), ...element.getBoundingClientRect().toJSON() }))
    .filter(({ width, height }) => width > 0 && Math.min(width, height) < least), TARGET);
  await expect.poll(small, 'what is too small to press').toEqual([]);
}

async function textSize(page: Page, size: string): Promise<void> {
  await page.evaluate((size) => (document.documentElement.style.fontSize = size), size);
}

/** Tabs through the page: what has the focus shows it, and nothing lies over it. */
export async function expectVisibleFocus(page: Page, most = 40): Promise<void> {
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press('Tab');
    const focus = () => page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return undefined;
      const { left, right, top, bottom } = element.getBoundingClientRect();
      // Of what is larger than the window, the part that is in it.
      const middle = (from: number, to: number, size: number) => (Math.max(0, from) + Math.min(size, to)) / 2;
      const above = document.elementFromPoint(middle(left, right, innerWidth), middle(top, bottom, innerHeight));
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return {
        name: element.outerHTML.slice(0, 80),
        isOutlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
        isCovered: !(above && (element.contains(above) || above.contains(element))),
      };
    });
    if (!(await focus())) return;
    await expect.poll(focus).toEqual({ name: expect.any(String), isOutlined: true, isCovered: false });
  }
}
