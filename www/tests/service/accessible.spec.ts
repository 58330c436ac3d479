import type { Page } from '@playwright/test';
import { code1, code2, expectReady, openWizard, serial, typePair } from '../support/wizard';
import { expectAccessible, expectVisibleFocus } from '../support/accessibility';
import { enable, newAccount, newToken, onHost } from '../support/host';
import { expect, fillInPassword, giveCode, givePassword, signIn, signOut, test } from '../support/served';

// Each state of each page: without violation, wide and narrow, light and dark, and with large text.

test.setTimeout(600_000);
test.describe.configure({ mode: 'parallel' });

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();

/** What the page says in a heading, once it says so, and without violation. */
async function expectHeading(page: Page, name: string | RegExp): Promise<void> {
  await expect(page.getByRole('heading', { name }).first()).toBeVisible();
  await expect(page.getByText(/^Loading/)).toHaveCount(0);
  await expectAccessible(page);
}

async function expectProblem(page: Page): Promise<void> {
  await expect(page.getByRole('alert')).toHaveText(/./);
  await expectAccessible(page);
}

test('the sign-in', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  enable(user, token);
  await page.goto('/sign-in');
  await expectHeading(page, 'Sign in');
  await press(page, 'Sign in');
  await expectProblem(page);
  await fillInPassword(page, user, 'not it');
  await expectProblem(page);
  await fillInPassword(page, user);
  await expect(page.getByLabel('Authentication code')).toBeFocused();
  await expectHeading(page, 'Enter your code');
  for (let tries = 0; tries < 3; tries += 1) {
    await Promise.all([page.waitForResponse('**/sign-in/code'), giveCode(page, '000000')]);
    await expect(page.getByRole('alert')).toHaveText(/./);
  }
  await expect(page.getByRole('alert').getByRole('button', { name: 'Resynchronise my device' })).toBeVisible();
  await expectProblem(page);
  await press(page, 'My code does not work');
  await expectHeading(page, 'My code does not work');
  await press(page, 'Use a recovery code');
  await expectHeading(page, 'Use a recovery code');
  await press(page, 'Continue');
  await expectProblem(page);
  await press(page, 'Back to the code');
  await press(page, 'My code does not work');
  await press(page, 'I lost my device');
  await expectHeading(page, 'I lost my device');
});

test('a resync at the sign-in', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  enable(user, token);
  token.press(15);
  await givePassword(page, user);
  await press(page, 'My code does not work');
  await press(page, 'Resynchronise my device');
  await expectReady(page);
  await expectHeading(page, 'Resynchronise my device');
  await typePair(page, ['123456', '654321']);
  await press(page, 'Resync');
  await expectProblem(page);
  await typePair(page, token.pair());
  await press(page, 'Resync');
  await expect(page.getByText('Your device is in step again.')).toBeVisible();
  await expectAccessible(page);
});

test('the wizard for hardware devices', async ({ page }) => {
  const [user, token] = [newAccount(), newToken({ type: 'TOTP' })];
  await signIn(page, user);
  await expectHeading(page, 'No device yet');
  await press(page, 'Associate a device');
  await expect(page.getByLabel('Hardware MFA device')).toBeFocused();
  await expectAccessible(page);
  await press(page, 'Continue');
  await expectReady(page);
  await expectAccessible(page);
  await press(page, 'Associate MFA');
  await expectProblem(page);
  await serial(page).fill(token.serial);
  await code1(page).pressSequentially('123456');
  await expect(code2(page)).toBeFocused();
  await expectAccessible(page);
  await code2(page).fill('654321');
  await press(page, 'Associate MFA');
  await expectProblem(page);
  await page.context().setOffline(true);
  await typePair(page, token.pair());
  await press(page, 'Associate MFA');
  await expect(page.getByRole('alert')).toContainText('The service did not answer.');
  await expectAccessible(page);
  await page.context().setOffline(false);
  await press(page, 'Associate MFA');
  await expect(page.getByText('The device is associated.')).toBeVisible();
  await expectAccessible(page);
  await press(page, 'Close');
  await expect(page.getByText('Sign in again, with the next code of your device.')).toBeVisible();
  await expectAccessible(page);
});

test('the wizard for apps', async ({ page }) => {
  const user = newAccount();
  await signIn(page, user);
  await press(page, 'Associate a device');
  await page.getByLabel('Virtual MFA device').check();
  await press(page, 'Continue');
  await expect(page.getByLabel('Device name')).toBeFocused();
  await expectAccessible(page);
  await page.getByLabel('Device name').fill('not / possible');
  await press(page, 'Continue');
  await expectProblem(page);
  await page.getByLabel('Device name').fill(`phone-${user}`);
  await press(page, 'Continue');
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await expectReady(page);
  await expectAccessible(page);
});

test('the own page, its dialogs and its resync', async ({ page, browser, baseURL }) => {
  const [user, token, second] = [newAccount(), newToken({ type: 'TOTP' }), newToken()];
  enable(user, token);
  enable(user, second);
  await signIn(page, user, token.code(1));
  await expectHeading(page, /Associated/);
  await expectVisibleFocus(page);
  await page.getByRole('button', { name: /^Deactivate/ }).first().click();
  await expectHeading(page, 'Deactivate this device?');
  await press(page, 'Cancel');
  await press(page, 'I lost my device');
  await expectHeading(page, 'A device is lost');
  await press(page, 'Cancel');
  await press(page, 'Make recovery codes');
  await expectHeading(page, 'Make new recovery codes?');
  await page.getByRole('dialog').getByRole('button', { name: 'Make recovery codes' }).click();
  await expectHeading(page, 'Your recovery codes');
  const recoveryCode = await page.locator('.recovery-codes code').first().innerText();
  await press(page, 'I have kept them');
  const elsewhere = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await signIn(elsewhere, user, second.code());
  await elsewhere.context().close();
  await page.reload();
  await press(page, /^End the session/);
  await expectHeading(page, 'End this session?');
  await press(page, 'Cancel');
  await page.getByRole('button', { name: /^Resync/ }).first().click();
  await expectReady(page);
  await expectHeading(page, /^Resync/);
  await typePair(page, token.pair(2));
  await page.getByRole('button', { name: 'Resync', exact: true }).click();
  await expect(page.getByText('The device is in step.')).toBeVisible();
  await expectAccessible(page);
  await press(page, 'Close');
  await signOut(page);
  await givePassword(page, user);
  await press(page, 'My code does not work');
  await press(page, 'Use a recovery code');
  await page.getByLabel('Recovery code').fill(recoveryCode);
  await press(page, 'Continue');
  await expectHeading(page, 'Since you were last here');
});

test('the pages for what there is not, what failed, and what is for others', async ({ page }) => {
  for (const [address, heading] of [['/nothing', 'There is no such page'], ['/error', 'Something went wrong here']] as const) {
    await page.goto(address);
    await expectHeading(page, heading);
  }
  await signIn(page, newAccount());
  await page.goto('/users');
  await expectHeading(page, 'Not for you');
  await page.route('/', (route) => route.abort('connectionreset'));
  await page.goto('/device');
  await expectProblem(page);
});

test('users, and one of them', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  enable(user, token);
  await givePassword(page, user);
  await giveCode(page, '000000');
  await expect(page.getByRole('alert')).toBeVisible();
  await page.context().clearCookies();
  await signIn(page, newAccount('sudo'));
  await page.goto('/users');
  await expectHeading(page, 'Users');
  await expectVisibleFocus(page);
  await page.getByLabel('User name or serial number').fill('nobody-here');
  await expect(page.getByRole('link', { name: 'Manage nobody-here' })).toBeVisible();
  await expectAccessible(page);
  await page.goto('/user?name=nobody-here');
  await expectProblem(page);
  await page.goto(`/user?name=${user}`);
  await expectHeading(page, 'Wrong tries');
  await press(page, 'Unlock');
  await expectHeading(page, 'Unlock this account?');
  await press(page, 'Cancel');
  await press(page, 'The device is lost');
  await expectHeading(page, 'A device is lost');
  await press(page, 'Make a code for 24 hours');
  await expectHeading(page, 'A recovery code for 24 hours');
  await press(page, 'I have handed it on');
  // The page is drawn anew.
  await page.waitForLoadState('networkidle');
  await openWizard(page);
  const combobox = page.getByRole('combobox', { name: 'Serial Number' });
  await combobox.pressSequentially(newToken().serial.slice(0, -1));
  await expect(page.getByRole('option').first()).toBeVisible();
  await expectAccessible(page);
});

test('devices, and one of them', async ({ page }) => {
  const [user, taken, free] = [newAccount(), newToken({ type: 'TOTP' }), newToken()];
  enable(user, taken);
  await signIn(page, newAccount('sudo'));
  await page.goto('/devices');
  await expectHeading(page, 'Devices');
  await expectVisibleFocus(page);
  await page.getByLabel('Serial number, user, maker or model').fill('no such device');
  await expectHeading(page, 'No device like this');
  await press(page, 'Find by its codes');
  await expectHeading(page, 'Find a device by its codes');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Find' }).click();
  await expect(dialog.getByLabel('Authentication Code 1')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
  const [first, second] = free.pair();
  await dialog.getByLabel('Authentication Code 1').fill(first);
  await dialog.getByLabel('Authentication Code 2').fill(second);
  await dialog.getByRole('button', { name: 'Find' }).click();
  await expect(dialog.getByText('1 device shows this:')).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/devices?serial=${taken.serial}`);
  await expectHeading(page, 'Its clock');
  await page.goto(`/devices?serial=${free.serial}`);
  await press(page, 'Forget this device');
  await expectHeading(page, 'Forget this device?');
  await page.getByRole('dialog').getByRole('button', { name: 'Forget it' }).click();
  await expect(page.getByText(`The device ${free.serial} is forgotten.`)).toBeVisible();
  await expectAccessible(page);
  await page.goto('/devices?serial=no-such-device');
  await expectProblem(page);
});

test('the log, access keys, and who has no device yet', async ({ page }) => {
  const user = newAccount();
  await signIn(page, newAccount('sudo'));
  await page.goto('/log');
  await expectHeading(page, 'Log');
  await expectVisibleFocus(page);
  await page.goto(`/log?user=${user}`);
  await expectHeading(page, 'No events like this');
  onHost(['keyfob', 'access-key', 'create', '--user', user]);
  await page.goto('/access-keys');
  await expectHeading(page, 'How to make one');
  await page.goto('/required');
  await expectHeading(page, 'No device yet');
});

test('an import', async ({ page }) => {
  const [name, secret] = [newToken().serial, '00112233445566778899aabbccddeeff00112233'];
  const choose = (...rows: readonly string[]) => page.getByLabel('Drop a seed file here, or choose one')
    .setInputFiles({ name: 'tokens.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
  const head = 'serial,secret,type,digits,period';
  await signIn(page, newAccount('sudo'));
  await page.goto('/import');
  await expectHeading(page, 'Import');
  await choose('Dear Sir or Madam,', 'enclosed you find our offer.');
  await expectProblem(page);
  await choose(head, `${name}A,${secret},TOTP,6,30`, `${name}B,${secret},TOTP,99,30`);
  await expectHeading(page, 'What stands in tokens.csv');
  await press(page, /^Import 1 device/);
  await expectHeading(page, 'The import is done');
  await press(page, 'Import another file');
  await choose(head, `${name}A,${secret.replaceAll('0', '9')},TOTP,6,30`, `${name}C,${secret},TOTP,6,30`);
  await press(page, 'Import 2 devices');
  await expectHeading(page, 'Nothing was imported');
  await page.context().setOffline(true);
  await press(page, 'Import the other 1 device');
  await expectProblem(page);
  await page.context().setOffline(false);
});

test('a session that was ended elsewhere', async ({ page }) => {
  const user = newAccount();
  await signIn(page, user);
  await openWizard(page);
  const tab = await page.context().newPage();
  await tab.goto('/device');
  await signOut(tab);
  await serial(page).fill('2308701201234');
  await typePair(page, ['123456', '654321']);
  await press(page, 'Associate MFA');
  await expect(page.getByRole('button', { name: 'Sign in again' })).toBeVisible();
  await expectProblem(page);
});
