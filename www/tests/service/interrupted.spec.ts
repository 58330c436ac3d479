import type { Page } from '@playwright/test';
import { code1, code2, openWizard, serial } from '../support/wizard';
import { type Token, newAccount, newToken, onHost } from '../support/host';
import { expect, fillInPassword, passNotices, signIn, signOut, test } from '../support/served';

async function fillIn(page: Page, token: Token): Promise<void> {
  await serial(page).fill(token.serial);
  await code1(page).fill(token.code());
  await code2(page).fill(token.code());
}

async function submit(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Associate MFA' }).click();
}

/** The sign-in that is asked for leads back to where it was. */
async function expectSignInAgain(page: Page, user: string): Promise<void> {
  await expect(page.getByRole('alert')).toContainText('You are not signed in any more.');
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await expect(page).toHaveURL('/sign-in?next=%2Fdevice');
  await fillInPassword(page, user);
  await passNotices(page);
  await expect(page).toHaveURL('/device');
}

test('a session that is ended elsewhere in the middle of the wizard leads to the sign-in, and nothing has happened', async ({ page, browser, baseURL }) => {
  const [user, token] = [newAccount(), newToken()];
  await signIn(page, user);
  await openWizard(page);
  await fillIn(page, token);
  const elsewhere = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await signIn(elsewhere, user);
  await elsewhere.getByRole('button', { name: /^End the session/ }).click();
  await elsewhere.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
  await expect(elsewhere.getByRole('button', { name: /^End the session/ })).toHaveCount(0);
  await elsewhere.context().close();
  await submit(page);
  await expectSignInAgain(page, user);
  await expect(page.getByRole('heading', { name: 'No device yet' })).toBeVisible();
});

test('signing out in another tab ends this one too', async ({ page, context }) => {
  const [user, token] = [newAccount(), newToken()];
  await signIn(page, user);
  await openWizard(page);
  await fillIn(page, token);
  const tab = await context.newPage();
  await tab.goto('/device');
  await signOut(tab);
  await submit(page);
  await expectSignInAgain(page, user);
});

test('two tabs that associate the same device: the second is told, and nothing is lost', async ({ page, context }) => {
  const [user, token] = [newAccount(), newToken()];
  await signIn(page, user);
  const tab = await context.newPage();
  await tab.goto('/device');
  for (const each of [page, tab]) await openWizard(each);
  await fillIn(page, token);
  await submit(page);
  await expect(page.getByText('The device is associated.')).toBeVisible();
  await fillIn(tab, token);
  await submit(tab);
  await expect(tab.getByRole('alert')).toHaveText(/./);
  await tab.reload();
  await expect(tab.getByText(`•••• ${token.serial.slice(-4)}`).first()).toBeVisible();
});

test('back and forward in the middle of the wizard begin it anew, and nothing has happened', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  await signIn(page, user);
  await page.goto('/nothing');
  await page.getByRole('link', { name: 'My device' }).click();
  await openWizard(page);
  await fillIn(page, token);
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await page.goForward();
  await expect(page.getByRole('heading', { name: 'No device yet' })).toBeVisible();
  await openWizard(page);
  for (const field of [serial(page), code1(page), code2(page)]) await expect(field).toHaveValue('');
  expect(onHost(['keyfob', 'device', 'list'])).not.toMatch(new RegExp(`${token.serial}.*${user}`));
});

test('a session that has ended by itself leads to the sign-in', async ({ page }) => {
  const user = newAccount();
  await signIn(page, user);
  await page.context().clearCookies();
  await page.reload();
  await expect(page).toHaveURL('/sign-in?next=%2Fdevice');
});

test('an association whose answer is lost is taken for what it is', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  await signIn(page, user);
  await openWizard(page);
  await page.route('/', async (route) => {
    if (!route.request().postData()?.includes('Action=EnableMFADevice')) return route.continue();
    expect((await route.fetch()).status()).toBe(200);
    return route.abort('connectionreset');
  });
  await fillIn(page, token);
  await submit(page);
  await expect(page.getByText('The device is associated.')).toBeVisible();
  expect(onHost(['keyfob', 'user', 'show', user])).toContain(token.serial);
});

test('an association that never arrived is sent again with what was typed', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  await signIn(page, user);
  await openWizard(page);
  await fillIn(page, token);
  await page.context().setOffline(true);
  await submit(page);
  await expect(page.getByRole('alert')).toContainText('The service did not answer.');
  await page.context().setOffline(false);
  await submit(page);
  await expect(page.getByText('The device is associated.')).toBeVisible();
});

test('a sign-in that never arrived is sent again with what was typed', async ({ page }) => {
  const user = newAccount();
  await page.goto('/sign-in');
  await expect(page.getByLabel('User name')).toBeVisible();
  await page.context().setOffline(true);
  await fillInPassword(page, user);
  await expect(page.getByRole('alert')).toContainText('The service did not answer.');
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await passNotices(page);
});
