import type { Page } from '@playwright/test';
import { code1, code2, expectDescribed, expectReady, openWizard, serial, typePair } from '../support/wizard';
import { enable, newAccount, newToken, onHost } from '../support/host';
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

test('after a refusal the first wrong field is marked, the codes are gone and the serial number has stayed', async ({ page }) => {
  const [user, token] = [newAccount('sudo'), newToken()];
  await signIn(page, user);
  await openWizard(page);
  await submit(page, [token.serial, '123456', '654321']);
  await expect(code1(page)).toBeFocused();
  await expect(code1(page)).toHaveAttribute('aria-invalid', 'true');
  await expectDescribed(page, code1(page), 'This code is not right.');
  await expect(page.getByRole('alert')).toContainText('The device was not associated.');
  await expect(serial(page)).toHaveValue(token.serial);
  for (const field of [code1(page), code2(page)]) await expect(field).toHaveValue('');
});

test('a clock that is too far off is told from wrong codes', async ({ page }) => {
  const token = newToken({ type: 'TOTP', ahead: 60_000 });
  await signIn(page, newAccount());
  await openWizard(page);
  await submit(page, [token.serial, ...token.pair()]);
  await expect(page.getByRole('alert')).toContainText('The clock of this device is too far off.');
});

test('codes that have been used already are told from wrong ones', async ({ page }) => {
  const [user, token] = [newAccount(), newToken({ type: 'TOTP' })];
  enable(user, token);
  await signIn(page, user, token.code(1));
  await page.getByRole('button', { name: /^Resync/ }).click();
  await expectReady(page);
  await typePair(page, token.pair(-1));
  await page.getByRole('button', { name: 'Resync', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('This code has been used already.');
});

test('without the package the service says that both codes are the same', async ({ page, context }) => {
  await context.route('**/*.wasm', (route) => route.fulfill({ status: 404 }));
  const token = newToken();
  await signIn(page, newAccount('sudo'));
  await openWizard(page);
  await submit(page, [token.serial, '123456', '123456']);
  await expect(page.getByRole('alert')).toContainText('Both codes are the same. Wait for the next code.');
  await expect(code2(page)).toBeFocused();
});

test('an account has as many devices as it may have', async ({ page }) => {
  const [user, next] = [newAccount(), newToken()];
  const tokens = Array.from({ length: 8 }, () => newToken());
  for (const token of tokens) enable(user, token);
  await signIn(page, user, tokens[0]?.code());
  await openWizard(page);
  await submit(page, [next.serial, ...next.pair()]);
  await expect(page.getByRole('alert')).toContainText('as many devices as it may have');
});

test('who has got a device since the sign-in changes nothing before one with a code', async ({ page }) => {
  const [user, first, second] = [newAccount(), newToken(), newToken()];
  await signIn(page, user);
  await openWizard(page);
  enable(user, first);
  await submit(page, [second.serial, ...second.pair()]);
  await expect(page.getByRole('alert')).toContainText('Sign in with a code');
  expect(onHost(['keyfob', 'user', 'show', user])).not.toContain(second.serial);
});

test('tries at finding a device by its codes are counted, and the page says when to try again', async ({ page }) => {
  await signIn(page, newAccount());
  await openWizard(page);
  await page.getByLabel('I cannot read it').check();
  const told = page.getByRole('alert');
  for (let tries = 0; tries < 8; tries += 1) {
    await code1(page).fill('000001');
    await code2(page).fill('000002');
    const found = page.waitForResponse((answer) => answer.request().postData()?.includes('Action=FindDevice') ?? false);
    await page.getByRole('button', { name: 'Associate MFA' }).click();
    if ((await found).ok()) throw new Error('no device shows these');
    await expect(told).toHaveText(/./);
    if (await told.getByText('You can try again').isVisible()) break;
  }
  await expect(told).toContainText(/You can try again (in \d+ seconds?|after [\d:]+)/);
});

test('a device that somebody else gets in the middle of the wizard is not free any more', async ({ page, browser, baseURL }) => {
  const [user, quicker, token] = [newAccount(), newAccount(), newToken()];
  await signIn(page, user);
  await openWizard(page);
  enable(quicker, token);
  await submit(page, [token.serial, ...token.pair()]);
  await expect(page.getByRole('alert')).toContainText('or the device is not free');
  const administrators = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await signIn(administrators, newAccount('sudo'));
  await administrators.goto(`/user?name=${user}`);
  await openWizard(administrators);
  await submit(administrators, [token.serial, ...token.pair()]);
  await expect(administrators.getByRole('alert')).toContainText('Somebody else has this device.');
  await administrators.context().close();
  expect(onHost(['keyfob', 'user', 'show', quicker])).toContain(token.serial);
  expect(onHost(['keyfob', 'user', 'list'])).not.toMatch(new RegExp(`^${user}\\b.*${token.serial}`, 'm'));
});

test('a device that was deactivated meanwhile in another place is told as such', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  enable(user, token);
  await signIn(page, user, token.code());
  await page.getByRole('button', { name: /^Deactivate/ }).click();
  onHost(['keyfob', 'disable', '--user', user, '--serial', token.serial]);
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Load the page again');
});
