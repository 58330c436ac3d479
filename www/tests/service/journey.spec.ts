import type { Page } from '@playwright/test';
import { code1, code2, expectReady, openWizard, serial, typePair } from '../support/wizard';
import { PASSWORD, type Token, appCodes, becomes, enable, newAccount, newToken, onHost } from '../support/host';
import { expect, giveCode, givePassword, passNotices, signIn, signOut, test } from '../support/served';

async function associate(page: Page, token: Token): Promise<void> {
  await openWizard(page);
  await serial(page).fill(token.serial);
  await typePair(page, token.pair());
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();
}

test('a token is associated, and from then on its codes sign in, once each', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  await signIn(page, user);
  await expect(page.getByRole('heading', { name: 'No device yet' })).toBeVisible();
  await associate(page, token);
  await expect(page.getByRole('heading', { name: /Associated/ })).toBeVisible();
  await expect(page.getByText(`•••• ${token.serial.slice(-4)}`).first()).toBeVisible();
  await page.getByRole('button', { name: 'Sign in with a code' }).click();
  await expect(page.getByLabel('Password')).toBeVisible();
  const code = token.code();
  await signIn(page, user, code);
  await signOut(page);
  await givePassword(page, user);
  await giveCode(page, code);
  await expect(page.getByRole('alert')).toContainText('This code has been used already.');
  await giveCode(page, token.code());
  await passNotices(page);
  await expect(page.getByRole('region', { name: 'What happened lately' })).toContainText('Device associated');
  expect(onHost(['keyfob', 'log', '--user', user])).toContain(token.serial);
});

test('the PAM module asks for the code of a device that was associated in the page', async ({ page }) => {
  const [user, other, token] = [newAccount(), newAccount(), newToken()];
  await signIn(page, user);
  await associate(page, token);
  expect(becomes(other, user, `${PASSWORD}\n`)).toBe(false);
  expect(becomes(other, user, `${PASSWORD}\n000000\n`)).toBe(false);
  expect(becomes(other, user, `${PASSWORD}\n${token.code()}\n`)).toBe(true);
  // Who has no device is not asked.
  expect(becomes(user, other, `${PASSWORD}\n`)).toBe(true);
});

test('the whole wizard works by keyboard', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  await signIn(page, user);
  const press = async (name: string): Promise<void> => {
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => document.activeElement?.textContent);
      if (focused === name) return page.keyboard.press('Enter');
    }
    throw new Error(`Tab does not reach “${name}”`);
  };
  await press('Associate a device');
  await expect(page.getByLabel('Hardware MFA device')).toBeFocused();
  await press('Cancel');
  await expect(page.getByRole('button', { name: 'Associate a device' })).toBeFocused();
  await page.keyboard.press('Enter');
  await press('Continue');
  await expect(serial(page)).toBeFocused();
  await expectReady(page);
  await page.keyboard.type(token.serial);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type(token.code());
  await expect(code2(page)).toBeFocused();
  await page.keyboard.type(token.code());
  await press('Associate MFA');
  await expect(page.getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /Associated/ })).toBeVisible();
});

test('no answer and no request of an enrollment has a secret in it, and no answer is kept', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  const exchanged: string[] = [];
  const kept: string[] = [];
  page.on('response', async (answer) => {
    if (answer.request().method() !== 'POST') return;
    exchanged.push(answer.request().postData() ?? '', await answer.text().catch(() => ''));
    if (answer.headers()['cache-control'] !== 'no-store') kept.push(answer.url());
  });
  await signIn(page, user);
  await associate(page, token);
  const secret = Buffer.from(token.serial.repeat(20).slice(0, 20));
  const forms = [secret.toString('hex'), secret.toString('base64'), secret.toString()].map((form) => form.toLowerCase());
  expect(forms.filter((form) => exchanged.some((text) => text.toLowerCase().includes(form)))).toEqual([]);
  expect(exchanged.join('')).not.toContain('Seed');
  expect(kept).toEqual([]);
});

test('a pair that is submitted late leaves the device in step', async ({ page }) => {
  const [user, token] = [newAccount(), newToken({ type: 'TOTP' })];
  await signIn(page, user);
  await openWizard(page);
  await serial(page).fill(token.serial);
  await typePair(page, token.pair(-12));
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
  await signOut(page);
  await signIn(page, user, token.code());
});

test('a resync shows the clock before and after', async ({ page }) => {
  const [user, token] = [newAccount(), newToken({ type: 'TOTP', ahead: 300 })];
  enable(user, token);
  await signIn(page, user, token.code(1));
  await page.getByRole('button', { name: /^Resync/ }).click();
  await expectReady(page);
  await typePair(page, token.pair(2));
  await page.getByRole('button', { name: 'Resync', exact: true }).click();
  await expect(page.getByText('The device is in step.')).toBeVisible();
  await expect(page.getByText('Clock before')).toBeVisible();
  await expect(page.getByText('Clock after')).toBeVisible();
  await expect(page.locator('dd').filter({ hasText: /\d+ steps \(\d+ s\) ahead/ })).toHaveCount(2);
});

test('two codes put a device right in the middle of a sign-in', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  enable(user, token);
  token.press(30);
  await givePassword(page, user);
  await giveCode(page, token.code());
  await expect(page.getByRole('alert')).toContainText('This code is not right.');
  await page.getByRole('button', { name: 'My code does not work' }).click();
  await page.getByRole('button', { name: 'Resynchronise my device' }).click();
  await expectReady(page);
  await code1(page).pressSequentially(token.code());
  await code2(page).fill(token.code());
  await page.getByRole('button', { name: 'Resync' }).click();
  await expect(page.getByText('Your device is in step again.')).toBeVisible();
  await giveCode(page, token.code());
  await passNotices(page);
});

test('who has lost the device signs in with a recovery code, disables it and takes another', async ({ page }) => {
  const [user, lost, next] = [newAccount(), newToken(), newToken()];
  enable(user, lost);
  await signIn(page, user, lost.code());
  await page.getByRole('button', { name: 'Make recovery codes' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make recovery codes' }).click();
  const code = await page.locator('.recovery-codes code').first().textContent();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await signOut(page);

  await givePassword(page, user);
  await page.getByRole('button', { name: 'My code does not work' }).click();
  await page.getByRole('button', { name: 'I lost my device' }).click();
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(code ?? '');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText(/recovery codes are left/)).toBeVisible();
  await passNotices(page);

  await page.getByRole('button', { name: 'I lost my device' }).click();
  await page.getByRole('button', { name: new RegExp(`^Disable .* of ${user}$`) }).click();
  await expect(page.getByRole('heading', { name: 'No device yet' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Associate a device' })).toBeFocused();
  await associate(page, next);
  await expect(page.getByText(`•••• ${next.serial.slice(-4)}`).first()).toBeVisible();
  expect(onHost(['keyfob', 'log', '--user', user])).toMatch(new RegExp(`deactivate.*${lost.serial}|${lost.serial}.*deactivate`));
});

test('a wizard that is opened right after a change is not drawn over', async ({ page }) => {
  const [administrator, user, token] = [newAccount('sudo'), newAccount(), newToken()];
  enable(user, token);
  await signIn(page, administrator);
  await page.goto(`/user?name=${user}`);
  await page.getByRole('button', { name: 'The device is lost' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make a code for 24 hours' }).click();
  await page.route('/', async (route) => {
    if (route.request().postData()?.includes('GetUserStatus')) await new Promise((resolve) => setTimeout(resolve, 2000));
    await route.continue();
  });
  await page.getByRole('button', { name: 'I have handed it on' }).click();
  await page.getByRole('button', { name: 'Associate a device' }).click();
  await expect(page.getByText('1 code left.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Manage MFA device' })).toBeVisible();
});

test('an administrator hands out one recovery code for a day, which signs in once, and the log says so', async ({ page, browser, baseURL }) => {
  const [administrator, user, token] = [newAccount('sudo'), newAccount(), newToken()];
  enable(user, token);
  const theirs = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await signIn(theirs, administrator);
  await theirs.goto(`/user?name=${user}`);
  await theirs.getByRole('button', { name: 'The device is lost' }).click();
  await theirs.getByRole('dialog').getByRole('button', { name: 'Make a code for 24 hours' }).click();
  const code = await theirs.locator('.recovery-codes code').innerText();
  await theirs.getByRole('button', { name: 'I have handed it on' }).click();
  await expect(theirs.getByText('1 code left.')).toBeVisible();
  for (const isGood of [true, false]) {
    await givePassword(page, user);
    await page.getByRole('button', { name: 'My code does not work' }).click();
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(code);
    await page.getByRole('button', { name: 'Continue' }).click();
    if (!isGood) await expect(page.getByRole('alert')).toContainText('This code is not right.');
    else {
      await passNotices(page);
      await signOut(page);
    }
  }
  await theirs.goto(`/log?user=${user}&act=issue-recovery-code`);
  await expect(theirs.locator('tbody tr')).toHaveText([new RegExp(`Recovery code for a time made.*${administrator}`)]);
  await theirs.context().close();
});

test('a serial number is taken in another case and with other dashes and spaces', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  await signIn(page, user);
  await openWizard(page);
  await serial(page).fill(` ${token.serial.slice(0, 2).toLowerCase()} \u2013 ${token.serial.slice(2).toLowerCase()} `);
  await code1(page).fill(token.code());
  await code2(page).fill(token.code());
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
  // As the device has it, whatever was typed.
  await expect(page.getByText(`Device ${token.serial} now belongs to`)).toBeVisible();
  expect(onHost(['keyfob', 'user', 'show', user])).toContain(token.serial);
});

test('a device whose serial number cannot be read is found by its codes', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  await signIn(page, user);
  await openWizard(page);
  await page.getByLabel('I cannot read it').check();
  await expect(serial(page)).toBeHidden();
  await code1(page).pressSequentially('000001');
  await code2(page).fill('000002');
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByRole('alert')).toContainText('No device that is free shows these codes');
  await code1(page).pressSequentially(token.code());
  await code2(page).fill(token.code());
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
  await expect(page.getByText(token.serial)).toBeVisible();
});

test('deactivating names device and owner, and the focus returns', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  enable(user, token);
  await signIn(page, user, token.code());
  const deactivate = page.getByRole('button', { name: /^Deactivate/ });
  await deactivate.click();
  const dialog = page.getByRole('dialog', { name: 'Deactivate this device?' });
  await expect(dialog).toContainText(token.serial);
  await expect(dialog).toContainText(user);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(deactivate).toBeFocused();
  await deactivate.click();
  await dialog.getByRole('button', { name: 'Deactivate' }).click();
  await expect(page.getByRole('heading', { name: 'No device yet' })).toBeVisible();
});

test('another session is listed and ended', async ({ page, browser }) => {
  const user = newAccount();
  const elsewhere = await browser.newPage();
  await signIn(elsewhere, user);
  await signIn(page, user);
  await page.getByRole('button', { name: /^End the session/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
  await expect(page.getByRole('button', { name: /^End the session/ })).toHaveCount(0);
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/sign-in\?next=%2Fdevice$/);
  await elsewhere.close();
});

test('an app is set up by the secret that is shown once', async ({ page }) => {
  const user = newAccount();
  await signIn(page, user);
  await page.getByRole('button', { name: 'Associate a device' }).click();
  await page.getByLabel('Virtual MFA device').check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Device name').fill(`phone-${user}`);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await expectReady(page);
  const secret = (await page.locator('code.secret').textContent())?.replaceAll(' ', '') ?? '';
  await typePair(page, appCodes(secret));
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
});

test('reloading in the middle of the wizard begins it anew, and nothing has happened', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  await signIn(page, user);
  await openWizard(page);
  await serial(page).fill(token.serial);
  await code1(page).pressSequentially(token.code());
  await page.reload();
  await expect(page.getByRole('heading', { name: 'No device yet' })).toBeVisible();
  await associate(page, token);
});

test('the page of a session that was signed out shows nothing when the browser goes back to it', async ({ page }) => {
  const user = newAccount();
  await signIn(page, user);
  await signOut(page);
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByLabel('Password')).toBeVisible();
});

for (const [where, hours] of [['ahead', 1], ['behind', -1]] as const) {
  test(`a browser whose clock is an hour ${where} counts down by the service’s`, async ({ page }) => {
    const [user, token] = [newAccount(), newToken({ type: 'TOTP' })];
    await page.clock.install({ time: Date.now() + hours * 3_600_000 });
    await signIn(page, user);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await openWizard(page);
    await serial(page).fill(token.serial);
    const [first, second] = token.pair();
    await code1(page).pressSequentially(first);
    await expect(page.locator('.wait')).toContainText(/Wait about \d+ s for the next code|shows its next code now/);
    await code2(page).fill(second);
    await page.getByRole('button', { name: 'Associate MFA' }).click();
    await expect(page.getByText('The device is associated.')).toBeVisible();
    await page.getByRole('button', { name: 'Close' }).click();
    await expect(page.getByText(/last used (now|\d+ seconds? ago)/)).toBeVisible();
  });
}
