import { code1, code2, openWizard } from '../support/wizard';
import { newAccount, newToken } from '../support/host';
import { expect, signIn, test } from '../support/served';

test('an administrator associates a device for somebody, chosen from those that nobody has', async ({ page }) => {
  const [administrator, user, token] = [newAccount('sudo'), newAccount(), newToken({ type: 'TOTP', period: 60, digits: 8 })];
  await signIn(page, administrator);
  await page.goto(`/user?name=${user}`);
  await openWizard(page);
  const combobox = page.getByRole('combobox', { name: 'Serial Number' });
  await combobox.pressSequentially(`${token.serial.slice(0, 2).toLowerCase()}- ${token.serial.slice(2).toLowerCase()}`);
  await page.getByRole('option', { name: token.serial }).click();
  await expect(combobox).toHaveValue(token.serial);
  await expect(page.getByText('Wait 60 seconds while the device refreshes')).toBeVisible();
  const codes = token.pair();
  await code1(page).pressSequentially(codes[0]);
  await expect(code2(page)).toBeFocused();
  await page.keyboard.type(codes[1]);
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('heading', { name: user })).toBeFocused();
});

test('users are told that a page is not for them', async ({ page }) => {
  await signIn(page, newAccount());
  for (const address of ['/users', '/user?name=root', '/devices', '/import', '/log', '/access-keys', '/required']) {
    await page.goto(address);
    await expect(page.getByRole('heading', { name: 'Not for you' })).toBeVisible();
  }
});
