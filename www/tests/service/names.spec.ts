import { writeFileSync } from 'node:fs';
import { code1, code2, openWizard, serial } from '../support/wizard';
import { expectAccessible } from '../support/accessibility';
import { newAccount, newForeignAccount, newToken } from '../support/host';
import { expect, signIn, signOut, test } from '../support/served';

test.setTimeout(360_000);

/** What pages take for markup that make HTML of text. */
const MARKUP = '<img src=x onerror=alert(1)>';

/** Names that can be accounts': markup, written from right to left, and very long. */
const NAMES = ['<b>bold<b>', 'عبدالرحمن', `${'very-long-name-'.repeat(8)}end`];

test('whatever a maker is called is text', async ({ page }) => {
  const name = newToken().serial;
  await signIn(page, newAccount('sudo'));
  await page.goto('/import');
  const path = test.info().outputPath('tokens.csv');
  const secret = '00112233445566778899aabbccddeeff00112233';
  writeFileSync(path, ['serial,secret,type,digits,period,manufacturer,model', `${name}M,${secret},TOTP,6,30,${MARKUP},رمز`, `${name}B,what?,TOTP,6,30,${MARKUP},`].join('\n'));
  await page.getByLabel('Drop a seed file here, or choose one').setInputFiles(path);
  await expect(page.getByRole('cell', { name: `${MARKUP} رمز` })).toBeVisible();
  await page.getByRole('button', { name: 'Import 1 device, leave out 1' }).click();
  await expect(page.getByRole('heading', { name: 'The import is done' })).toBeFocused();
  await page.goto(`/devices?find=${name}M`);
  await page.locator('tbody').getByRole('link', { name: MARKUP }).click();
  await expect(page.getByRole('heading', { name: `${MARKUP} رمز` })).toBeVisible();
  await expect(page.locator('img')).toHaveCount(0);
  await expectAccessible(page);
});

test('whatever an account is called is text, and it signs in and associates a device', async ({ page }) => {
  for (const name of NAMES) {
    const [user, token] = [newForeignAccount(name), newToken()];
    await signIn(page, user);
    await expect(page.locator('.account-name')).toHaveText(name);
    await expect(page.locator('.account-name')).toHaveAttribute('dir', 'auto');
    await openWizard(page);
    await serial(page).fill(token.serial);
    await code1(page).fill(token.code());
    await code2(page).fill(token.code());
    await page.getByRole('button', { name: 'Associate MFA' }).click();
    await expect(page.getByText(`now belongs to ${name}.`)).toBeVisible();
    await page.getByRole('button', { name: 'Close' }).click();
    await signOut(page);
    await signIn(page, user, token.code());
    await page.getByRole('button', { name: /^Deactivate/ }).click();
    await expect(page.getByRole('dialog')).toContainText(name);
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await signOut(page);
  }
  await signIn(page, newAccount('sudo'));
  for (const name of NAMES) {
    const asked = encodeURIComponent(name);
    for (const address of [`/users?find=${asked}`, `/devices?find=${asked}`, `/log?user=${asked}`]) {
      await page.goto(address);
      await expect(page.locator('tbody bdi').getByText(name, { exact: true }).first()).toBeVisible();
      await expect(page.locator('b')).toHaveCount(0);
      await expectAccessible(page);
    }
  }
  await page.goto(`/users?find=${encodeURIComponent(NAMES[1] as string)}`);
  await page.getByRole('link', { name: NAMES[1] as string }).click();
  await expect(page.getByRole('heading', { name: NAMES[1] as string })).toBeVisible();
});
