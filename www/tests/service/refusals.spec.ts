import type { Page } from '@playwright/test';
import { code1, code2, expectDescribed, openWizard, serial } from '../shared/wizard';
import { enable, newAccount, newToken } from '../support/host';
import { expect, givePassword, signIn, test } from '../support/served';

async function submit(page: Page, [number, first, second]: readonly [string, string, string]): Promise<void> {
  await serial(page).fill(number);
  await code1(page).fill(first);
  await code2(page).fill(second);
  await page.getByRole('button', { name: 'Associate MFA' }).click();
}

test('a wrong password and an unknown name read alike', async ({ page }) => {
  await givePassword(page, newAccount(), 'not it');
  const text = page.getByRole('alert');
  await expect(text).toContainText('User name or password is not right.');
  await expect(page.getByLabel('Password')).toHaveValue('');
  await givePassword(page, 'nobody-here', 'not it');
  await expect(text).toContainText('User name or password is not right.');
});

test('unknown and taken devices read alike to users', async ({ page }) => {
  const [user, owner, token] = [newAccount(), newAccount(), newToken()];
  enable(owner, token);
  await signIn(page, user);
  await openWizard(page);
  const texts: string[] = [];
  for (const number of ['NO-SUCH-DEVICE', token.serial]) {
    await submit(page, [number, '123456', '654321']);
    await expect(serial(page)).toBeFocused();
    await expect(page.getByRole('alert')).toHaveText(/./);
    texts.push(await page.getByRole('alert').innerText());
    await expect(code1(page)).toHaveValue('');
  }
  expect(texts[0]).toBe(texts[1]);
});

test('unknown and taken devices are told apart for administrators', async ({ page }) => {
  const [user, owner, token] = [newAccount('sudo'), newAccount(), newToken()];
  enable(owner, token);
  await signIn(page, user);
  await openWizard(page);
  await submit(page, ['NO-SUCH-DEVICE', '123456', '654321']);
  await expect(page.getByRole('alert')).toContainText('No device has this serial number.');
  await submit(page, [token.serial, '123456', '654321']);
  await expect(page.getByRole('alert')).toContainText('Somebody else has this device.');
});

test('codes that do not follow each other are told from wrong ones', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  await signIn(page, user);
  await openWizard(page);
  const first = token.code();
  token.press(3);
  await submit(page, [token.serial, first, token.code()]);
  await expect(page.getByRole('alert')).toContainText('These two codes do not follow each other.');
  await expect(code1(page)).toBeFocused();
  await expect(serial(page)).toHaveValue(token.serial);
  await expectDescribed(page, code1(page), 'do not follow each other');
});
