import type { BrowserContext, Page } from '@playwright/test';
import { code1, code2, openWizard, serial } from '../support/wizard';
import { type Token, appCodes, enable, newAccount, newToken } from '../support/host';
import { expect, giveCode, givePassword, passNotices, signIn, signOut, test } from '../support/served';

const LOST = {
  'the file is missing': (context: BrowserContext) => context.route('**/*.wasm', (route) => route.fulfill({ status: 404 })),
  'the browser has no WebAssembly': (context: BrowserContext) => context.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly')),
};

async function submit(page: Page, pair: readonly [string, string], action = 'Associate MFA'): Promise<void> {
  await code1(page).fill(pair[0]);
  await code2(page).fill(pair[1]);
  await page.getByRole('button', { name: action, exact: true }).click();
}

async function associate(page: Page, token: Token): Promise<void> {
  await openWizard(page);
  await expect(page.locator('keyfob-enrollment-form')).toHaveAttribute('data-checked-by', 'service');
  await serial(page).fill(token.serial);
  await submit(page, ['12', 'abc']);
  // The service says what the page could not see.
  await expect(page.getByRole('alert')).toHaveText(/./);
  await submit(page, token.pair());
  await expect(page.getByText('The device is associated.')).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();
}

for (const [how, lose] of Object.entries(LOST)) {
  test(`everything works where ${how}`, async ({ page, context }) => {
    const [user, token] = [newAccount(), newToken()];
    await lose(context);
    await signIn(page, user);
    await associate(page, token);
    await signOut(page);
    await givePassword(page, user);
    await giveCode(page, 'none');
    await expect(page.getByRole('alert')).toHaveText(/./);
    await giveCode(page, token.code());
    await passNotices(page);
    await page.getByRole('button', { name: /^Resync/ }).click();
    token.press(20);
    await submit(page, token.pair(), 'Resync');
    await expect(page.getByText('The device is in step.')).toBeVisible();
  });

  test(`an app is set up by its secret alone where ${how}`, async ({ page, context }) => {
    const user = newAccount();
    await lose(context);
    await signIn(page, user);
    await page.getByRole('button', { name: 'Associate a device' }).click();
    await page.getByLabel('Virtual MFA device').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Device name').fill(`phone-${user}`);
    await page.getByRole('button', { name: 'Continue' }).click();
    const secret = (await page.locator('code.secret').textContent())?.replaceAll(' ', '') ?? '';
    await expect(page.getByRole('img', { name: /QR code/ })).toHaveCount(0);
    await submit(page, appCodes(secret));
    await expect(page.getByText('The device is associated.')).toBeVisible();
  });

  test(`an administrator finds and manages devices where ${how}`, async ({ page, context }) => {
    const [user, token] = [newAccount(), newToken()];
    enable(user, token);
    await lose(context);
    await signIn(page, newAccount('sudo'));
    await page.goto('/devices');
    await page.getByRole('button', { name: 'Find by its codes' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Authentication Code 1').fill(token.code());
    await dialog.getByLabel('Authentication Code 2').fill(token.code());
    await dialog.getByRole('button', { name: 'Find' }).click();
    await dialog.getByRole('link', { name: token.serial }).click();
    await page.getByRole('link', { name: 'Manage' }).click();
    await page.getByRole('button', { name: /^Resync/ }).click();
    await submit(page, token.pair(), 'Resync');
    await expect(page.getByText('The device is in step.')).toBeVisible();
  });
}
