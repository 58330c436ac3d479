import { expectAccessible } from '../support/accessibility';
import { ADDRESS, enable, newAccount, newToken, onHost } from '../support/host';
import { expectReady, typePair } from '../support/wizard';
import { expect, givePassword, giveCode, signIn, signOut, test } from '../support/served';
import type { Page } from '@playwright/test';

const rows = (page: Page) => page.locator('tbody tr');
const search = (page: Page) => page.getByLabel('Serial number, user, maker or model');

/** A new administrator, signed in. */
async function administrator(page: Page): Promise<string> {
  const name = newAccount('sudo');
  await signIn(page, name);
  return name;
}

test('a device is found by what stands on it or by whose it is, and its page tells what was done with it', async ({ page }) => {
  const [user, token] = [newAccount(), newToken({ type: 'TOTP', ahead: 30 })];
  enable(user, token);
  await administrator(page);
  await page.goto('/devices');
  await search(page).fill(token.serial.toLowerCase());
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText(`•••• ${token.serial.slice(-4)}`);
  await expect(rows(page).getByRole('link', { name: user, exact: true })).toBeVisible();
  await expect(rows(page)).toContainText('Associated');
  await expect(rows(page)).toContainText('ahead');
  await search(page).fill(user);
  await expect(rows(page)).toHaveCount(1);
  await rows(page).getByRole('link', { name: /•••• / }).click();
  await expect(page.locator('main')).toContainText(token.serial);
  await expect(page.getByRole('region', { name: 'What was done with this device' })).toContainText('Device associated');
  await page.getByRole('link', { name: 'All of it in the log' }).click();
  await expect(page).toHaveURL(`/log?serial=${token.serial}`);
  await expect(rows(page).first()).toContainText('Device associated');
});

test('a row of the list: name, masked serial number, owner, type, status, clock, last use and failures', async ({ page }) => {
  const [user, token] = [newAccount(), newToken({ type: 'TOTP', ahead: 300 })];
  enable(user, token);
  await signIn(page, user, token.code(1));
  await signOut(page);
  await givePassword(page, user);
  await giveCode(page, '000000');
  await expect(page.getByRole('alert')).toBeVisible();
  await page.context().clearCookies();
  await administrator(page);
  await page.goto(`/devices?find=${token.serial}`);
  await expect(rows(page).locator('th, td')).toHaveText([
    `Feitian c200•••• ${token.serial.slice(-4)}`, user, 'TOTP, 6 digits', 'Associated', /^\d+ steps \(\d+ s\) ahead$/, /^(now|\d+ (seconds?|minutes?) ago)$/, '1',
  ]);
});

test('a clock that is about to leave the range is pointed out, and how it has run is drawn', async ({ page }) => {
  const [user, token] = [newAccount(), newToken({ type: 'TOTP', ahead: 40_000 })];
  enable(user, token);
  await signIn(page, user, token.code(1));
  token.shift(120);
  // Of each second one figure is kept: the resync's would take the place of the association's.
  await page.waitForTimeout(1000);
  await page.getByRole('button', { name: /^Resync/ }).click();
  await expectReady(page);
  await typePair(page, token.pair(2));
  await page.getByRole('button', { name: 'Resync', exact: true }).click();
  await expect(page.getByText('The device is in step.')).toBeVisible();
  await signOut(page);
  await administrator(page);
  await page.goto('/devices?show=leaving');
  await search(page).fill(token.serial);
  await expect(rows(page)).toContainText('About to leave the range');
  await rows(page).getByRole('link', { name: /•••• / }).click();
  await expect(page.getByText('Its clock is so far off that it can soon not be associated')).toBeVisible();
  await expect(page.getByRole('img', { name: /^From \d+ s ahead on .* to \d+ s ahead on/ })).toBeVisible();
  await page.getByText(/^All \d+ figures/).click();
  await expect(page.getByRole('row', { name: /\d+ s ahead/ }).first()).toBeVisible();
  await expectAccessible(page);
});

test('devices that nobody has are forgotten together, but for one that somebody got meanwhile', async ({ page }) => {
  const [prefix, user] = [newToken().serial, newAccount()];
  const tokens = ['a', 'b', 'c'].map((end) => newToken({}, `${prefix}${end}`));
  const [taken = newToken()] = tokens;
  await administrator(page);
  await page.goto(`/devices?show=free&find=${prefix}`);
  const opener = page.getByRole('button', { name: 'Forget all 4 devices' });
  await opener.click();
  const dialog = page.getByRole('dialog', { name: 'Forget 4 devices?' });
  await expect(dialog).toContainText(prefix);
  await expect(dialog).toContainText('Nobody has them');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(opener).toBeFocused();
  await opener.click();
  enable(user, taken);
  await dialog.getByRole('button', { name: 'Forget 4 devices' }).click();
  await expect(page.getByText('3 devices are forgotten.')).toBeVisible();
  await expect(page.getByText('1 device stayed: somebody has got it meanwhile.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'No device like this' })).toBeVisible();
  expect(onHost(['keyfob', 'device', 'list']).match(new RegExp(prefix, 'g'))).toHaveLength(1);
  await page.getByLabel('Show').selectOption('associated');
  await expect(page.getByRole('button', { name: /^Forget/ })).toHaveCount(0);
});

test('the list is sorted by any column', async ({ page }) => {
  newToken();
  newToken();
  await administrator(page);
  await page.goto('/devices?show=free');
  await expect(page.getByText(/device.*sorted by device, ascending/)).toBeVisible();
  const head = page.getByRole('columnheader', { name: 'Device' });
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  await expect(async () => {
    const serials = await rows(page).locator('th a').evaluateAll((links) => links.map((link) => link.getAttribute('title') ?? ''));
    expect(serials).toEqual([...serials].sort((one, other) => order.compare(other, one)));
    expect(serials.length).toBeGreaterThan(1);
  }).toPass();
});

test('a device that nobody has is forgotten after a question that names it', async ({ page }) => {
  const token = newToken();
  await administrator(page);
  await page.goto(`/devices?serial=${token.serial}`);
  const opener = page.getByRole('button', { name: 'Forget this device' });
  await opener.click();
  const dialog = page.getByRole('dialog', { name: 'Forget this device?' });
  await expect(dialog).toContainText(token.serial);
  await expect(dialog).toContainText('Nobody has it');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(opener).toBeFocused();
  await opener.click();
  await dialog.getByRole('button', { name: 'Forget it' }).click();
  await expect(page.getByText(`The device ${token.serial} is forgotten.`)).toBeVisible();
  expect(onHost(['keyfob', 'device', 'list'])).not.toContain(token.serial);
});

test('a device that somebody got meanwhile is not forgotten', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  await administrator(page);
  await page.goto(`/devices?serial=${token.serial}`);
  // The page has been told that nobody has it.
  await expect(page.getByRole('button', { name: 'Forget this device' })).toBeVisible();
  enable(user, token);
  await page.getByRole('button', { name: 'Forget this device' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Forget it' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Somebody has this device. It has to be deactivated first.');
  expect(onHost(['keyfob', 'device', 'list'])).toContain(token.serial);
});

test('a device whose serial number cannot be read is found by two codes, which are good afterwards', async ({ page }) => {
  const token = newToken({ digits: 8 });
  await administrator(page);
  await page.goto('/devices');
  await page.getByRole('button', { name: 'Find by its codes' }).click();
  const dialog = page.getByRole('dialog');
  const codes = [token.code(), token.code()] as const;
  await dialog.getByLabel('Authentication Code 1').fill(codes[0]);
  await dialog.getByLabel('Authentication Code 2').fill(codes[1]);
  await dialog.getByRole('button', { name: 'Find' }).click();
  await dialog.getByRole('link', { name: token.serial }).click();
  await expect(page.getByText('Nobody has it')).toBeVisible();
  const user = newAccount();
  onHost(['keyfob', 'enable', '--user', user, '--serial', token.serial, '--code1', codes[0], '--code2', codes[1]]);
});

test('users: who has a device, and who failed', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  enable(user, token);
  await givePassword(page, user);
  await giveCode(page, '000000');
  await expect(page.getByRole('alert')).toBeVisible();
  await page.context().clearCookies();
  await administrator(page);
  await page.goto('/users');
  await page.getByLabel('User name or serial number').fill(user);
  await expect(rows(page)).toHaveText([new RegExp(`^${user}•••• ${token.serial.slice(-4)}Open1`)]);
  await page.getByLabel('User name or serial number').fill(token.serial);
  await rows(page).getByRole('link', { name: user, exact: true }).click();
  await expect(page.getByRole('heading', { name: user })).toBeVisible();
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Unlock' })).toHaveCount(0);
});

test('an administrator with a code ends somebody’s session', async ({ page, browser }) => {
  const [user, name, token] = [newAccount(), newAccount('sudo'), newToken()];
  enable(name, token);
  const theirs = await (await browser.newContext({ baseURL: ADDRESS })).newPage();
  await signIn(theirs, user);
  await signIn(page, name, token.code());
  await page.goto(`/user?name=${user}`);
  await expect(page.getByRole('heading', { name: 'Where this user is signed in' })).toBeVisible();
  await page.getByRole('button', { name: /^End the session from/ }).click();
  await expect(page.getByRole('dialog')).toContainText(user);
  await page.getByRole('button', { name: 'End session' }).click();
  await expect(page.getByText('Nowhere.')).toBeVisible();
  await theirs.reload();
  await expect(theirs).toHaveURL(/\/sign-in/);
  await theirs.context().close();
});

test('the log is filtered by user, device and what was done', async ({ page }) => {
  const [user, token, other] = [newAccount(), newToken(), newToken()];
  enable(user, token);
  await administrator(page);
  await page.goto('/log');
  await expect(rows(page).first()).toBeVisible();
  await page.getByLabel('User', { exact: true }).fill(user);
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(rows(page)).toHaveText([/Device associated/]);
  await page.getByLabel('User', { exact: true }).fill('');
  const serial = page.getByRole('combobox', { name: 'Serial Number' });
  await serial.pressSequentially(other.serial.slice(0, -1));
  await page.getByRole('option', { name: other.serial }).click();
  await page.getByLabel('What').selectOption('import-device');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(rows(page)).toHaveText([/Device imported.*Command line/]);
  await page.getByLabel('What').selectOption('associate');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page.getByRole('heading', { name: 'No events like this' })).toBeVisible();
});

test('access keys are shown', async ({ page }) => {
  const user = newAccount();
  const made = JSON.parse(onHost(['keyfob', 'access-key', 'create', '--user', user, '--json'])) as { AccessKeyId: string };
  await administrator(page);
  await page.goto('/access-keys');
  await expect(page.getByRole('row', { name: new RegExp(`${made.AccessKeyId} ${user}`) })).toBeVisible();
});
