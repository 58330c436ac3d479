import { type Page, expect, test as base } from '@playwright/test';
import { ADDRESS, PASSWORD } from './host';
import { watchPolicy } from './policy';

/** The service as it ships. Whatever a test does, the policy blocks nothing and no script fails. */
export const test = base.extend({
  baseURL: ADDRESS,
  page: async ({ page }, use) => {
    const check = watchPolicy(page, ADDRESS);
    await use(page);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await check();
  },
});

/** Gives the password, and the code where one is asked for. */
export async function signIn(page: Page, userName: string, code?: string): Promise<void> {
  await givePassword(page, userName);
  if (code !== undefined) await giveCode(page, code);
  await passNotices(page);
}

export async function givePassword(page: Page, userName: string, password = PASSWORD): Promise<void> {
  await page.goto('/sign-in');
  await fillInPassword(page, userName, password);
}

/** On the sign-in page, where somebody stands already. */
export async function fillInPassword(page: Page, userName: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('User name').fill(userName);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function giveCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Authentication code').fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** What has happened meanwhile is told on the way in. */
export async function passNotices(page: Page): Promise<void> {
  const heading = page.getByRole('heading', { name: 'Since you were last here' });
  const signOut = page.getByRole('button', { name: 'Sign out' });
  await expect(heading.or(signOut)).toBeVisible();
  if (await heading.isVisible()) await page.getByRole('button', { name: 'Continue' }).click();
  await expect(signOut).toBeVisible();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
}

export { expect } from '@playwright/test';
