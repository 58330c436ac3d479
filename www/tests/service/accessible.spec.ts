import { code1, code2, expectReady, openWizard, serial, typePair } from '../shared/wizard';
import { expectAccessible, expectVisibleFocus } from '../support/accessibility';
import { enable, newAccount, newToken } from '../support/host';
import { expect, giveCode, givePassword, passNotices, signIn, test } from '../support/served';

test.setTimeout(360_000);

test('everybody can sign in', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  enable(user, token);
  await page.goto('/sign-in');
  await expect(page.getByLabel('User name')).toBeVisible();
  await expectAccessible(page);
  await givePassword(page, user, 'not it');
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await givePassword(page, user);
  await expect(page.getByLabel('Authentication code')).toBeFocused();
  await expectAccessible(page);
  await giveCode(page, '000000');
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'My code does not work' }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'I lost my device' }).click();
  await expectAccessible(page);
});

test('everybody can associate a device', async ({ page }) => {
  const [user, token] = [newAccount(), newToken({ type: 'TOTP' })];
  await signIn(page, user);
  await expectAccessible(page);
  await openWizard(page);
  await expectAccessible(page);
  await serial(page).fill(token.serial);
  await code1(page).pressSequentially('123456');
  await expectAccessible(page);
  await code2(page).fill('654321');
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await typePair(page, token.pair());
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
  await expectAccessible(page);
});

test('everybody can look after a device', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  enable(user, token);
  await givePassword(page, user);
  await giveCode(page, token.code());
  await passNotices(page);
  await expectAccessible(page);
  await expectVisibleFocus(page);
  await page.getByRole('button', { name: /^Deactivate/ }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: /^Resync/ }).click();
  await expectReady(page);
  await expectAccessible(page);
});

test('administrators can look after users', async ({ page }) => {
  const [administrator, user, token] = [newAccount('sudo'), newAccount(), newToken()];
  enable(user, token);
  await signIn(page, administrator);
  await page.goto(`/user?name=${user}`);
  await expect(page.getByRole('heading', { name: 'Wrong tries' })).toBeVisible();
  await expectAccessible(page);
});
