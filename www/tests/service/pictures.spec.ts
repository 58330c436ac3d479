import { code1, serial } from '../support/wizard';
import { enable, newNamedAccount, newToken } from '../support/host';
import { picture } from '../support/pictures';
import { expect, giveCode, givePassword, passNotices, signIn, signOut, test } from '../support/served';

test('the sign-in', async ({ page }) => {
  const [user, token] = [newNamedAccount('anna'), newToken({}, '2308701200017')];
  enable(user, token);
  await page.goto('/sign-in');
  await expect(page.getByLabel('User name')).toBeVisible();
  await picture(page, 'sign-in');
  await givePassword(page, user);
  await expect(page.getByLabel('Authentication code')).toBeVisible();
  await picture(page, 'code');
  await giveCode(page, '000000');
  await expect(page.getByRole('alert')).toBeVisible();
  await picture(page, 'wrong-code');
  await page.getByRole('button', { name: 'My code does not work' }).click();
  await picture(page, 'my-code-does-not-work');
  await page.getByRole('button', { name: 'Resynchronise my device' }).click();
  await picture(page, 'resync-at-sign-in');
});

test('the own page', async ({ page }) => {
  const [user, token, next] = [newNamedAccount('chris'), newToken({ type: 'TOTP', ahead: 30 }, '2308701201234'), newToken({}, '2308701200025')];
  await signIn(page, user);
  await expect(page.getByRole('heading', { name: 'No device yet' })).toBeVisible();
  await picture(page, 'no-device');
  await page.getByRole('button', { name: 'Associate a device' }).click();
  await picture(page, 'which-device');
  await page.getByRole('button', { name: 'Continue' }).click();
  await serial(page).fill(next.serial);
  await code1(page).pressSequentially(next.code());
  await picture(page, 'associate');
  enable(user, token);
  await page.goto('/device');
  await signOut(page);
  await givePassword(page, user);
  await giveCode(page, token.code(1));
  await passNotices(page);
  await expect(page.getByRole('heading', { name: /Associated/ })).toBeVisible();
  await picture(page, 'my-device');
  await page.getByRole('button', { name: /^Deactivate/ }).click();
  await picture(page, 'deactivate');
});

test('an app', async ({ page }) => {
  const user = newNamedAccount('dora');
  await signIn(page, user);
  await page.getByRole('button', { name: 'Associate a device' }).click();
  await page.getByLabel('Virtual MFA device').check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Device name').fill('phone-of-dora');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await picture(page, 'authenticator-app');
});

test('the pages of administrators', async ({ page }) => {
  const [administrator, user, token] = [newNamedAccount('olga', 'sudo'), newNamedAccount('emil'), newToken({}, '2308701200033')];
  enable(user, token);
  await signIn(page, administrator);
  await page.goto(`/user?name=${user}`);
  await expect(page.getByRole('heading', { name: 'Wrong tries' })).toBeVisible();
  await picture(page, 'user');
});

for (const [name, address, heading] of [['not-found', '/nothing', 'There is no such page'], ['error', '/error', 'Something went wrong here']] as const) {
  test(`the page “${heading}”`, async ({ page }) => {
    await page.goto(address);
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
    await picture(page, name);
  });
}
