import { type Locator, type Page, expect } from '@playwright/test';

export const serial = (page: Page) => page.locator('form').getByLabel('Serial Number', { exact: true });
export const code1 = (page: Page) => page.getByLabel('Authentication Code 1');
export const code2 = (page: Page) => page.getByLabel('Authentication Code 2');

/** Waits until the wizard has its package, or knows that there is none: only then it reads what is typed. */
export async function expectReady(page: Page): Promise<void> {
  await expect(page.locator('keyfob-enrollment-form[data-checked-by]')).toBeVisible();
}

/** The wizard for hardware devices, opened from an account's page. */
export async function openWizard(page: Page, action = 'Associate a device'): Promise<void> {
  await page.getByRole('button', { name: action }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expectReady(page);
}

/** Types two codes in a row, the first as a person does. */
export async function typePair(page: Page, [first, second]: readonly [string, string]): Promise<void> {
  await code1(page).pressSequentially(first);
  await code2(page).fill(second);
}

/** Expects that an input is described by elements that exist, and by this text. */
export async function expectDescribed(page: Page, field: Locator, text: string | RegExp): Promise<void> {
  await expect(async () => {
    const ids = (await field.getAttribute('aria-describedby'))?.split(' ') ?? [];
    const texts = await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).textContent({ timeout: 5000 })));
    if (typeof text === 'string') expect(texts.join(' ')).toContain(text);
    else expect(texts.join(' ')).toMatch(text);
  }).toPass({ timeout: 30_000 });
}

/** As the browser does it when somebody pastes. */
export async function paste(page: Page, field: Locator, text: string): Promise<void> {
  await field.focus();
  await page.evaluate((text) => document.execCommand('insertText', false, text), text);
}

/** Collects what is announced from now on, in regions that there are and in those that come. */
export async function collectAnnouncements(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    const region = (node: Node): Element | null => (node instanceof Element ? node : node.parentElement)?.closest('[role=status], [aria-live]') ?? null;
    new MutationObserver((records) => {
      const regions = records.flatMap(({ target, addedNodes }) => [region(target), ...[...addedNodes].flatMap((node) => (node instanceof Element ? [region(node), ...node.querySelectorAll('[role=status], [aria-live]')] : []))]);
      for (const found of new Set(regions)) if (found?.textContent) told.push(found.textContent);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => (globalThis as unknown as { told: string[] }).told);
}
