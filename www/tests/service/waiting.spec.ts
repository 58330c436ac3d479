import type { Page } from '@playwright/test';
import { code1, code2, collectAnnouncements, expectReady, openWizard, paste, serial, typePair } from '../support/wizard';
import { type TokenOptions, type Token, enable, newAccount, newToken } from '../support/host';
import { expect, signIn, test } from '../support/served';

/** The page of somebody with such a device, where two codes put it in step. */
async function openResync(page: Page, options: TokenOptions): Promise<Token> {
  const [user, token] = [newAccount(), newToken(options)];
  enable(user, token);
  await signIn(page, user, token.code(1));
  await page.getByRole('button', { name: /^Resync/ }).click();
  await expectReady(page);
  return token;
}

test('a device that counts otherwise has its own period', async ({ page }) => {
  const token = await openResync(page, { type: 'TOTP', period: 60 });
  await expect(page.getByText('Wait 60 seconds while the device refreshes')).toBeVisible();
  await code1(page).pressSequentially(token.code(2));
  await expect(page.locator('.wait')).toContainText(/Wait about \d+ s for the next code|shows its next code now/);
});

test('a device that follows its button has no countdown', async ({ page }) => {
  const token = await openResync(page, { type: 'HOTP' });
  await code1(page).pressSequentially(token.code());
  await expect(page.getByText('Press the button again')).toBeVisible();
  await expect(page.locator('.wait')).toHaveText("Press the device's button once more.");
  await expect(page.locator('keyfob-countdown-ring')).toBeHidden();
});

test('an administrator chooses a serial number by keyboard, and the wizard counts as that device does', async ({ page }) => {
  const token = newToken({ type: 'TOTP', period: 60, digits: 8 });
  await signIn(page, newAccount('sudo'));
  await openWizard(page);
  const combobox = page.getByRole('combobox', { name: 'Serial Number' });
  await expect(combobox).toHaveAttribute('aria-expanded', 'false');
  await combobox.pressSequentially(token.serial.slice(0, -1).toLowerCase());
  const option = page.getByRole('listbox', { name: 'Serial numbers' }).getByRole('option', { name: token.serial });
  await expect(option).toBeVisible();
  await expect(combobox).toHaveAttribute('aria-expanded', 'true');
  await expect(async () => {
    await page.keyboard.press('ArrowDown');
    await expect(option).toHaveAttribute('aria-selected', 'true', { timeout: 500 });
  }).toPass();
  await expect(combobox).toHaveAttribute('aria-activedescendant', (await option.getAttribute('id')) ?? '');
  await page.keyboard.press('Enter');
  await expect(combobox).toHaveValue(token.serial);
  await expect(combobox).toHaveAttribute('aria-expanded', 'false');
  await expect(page.getByText('Wait 60 seconds while the device refreshes')).toBeVisible();
  await code1(page).pressSequentially('1234567');
  await expect(code1(page)).toBeFocused();
  await page.keyboard.type('8');
  await expect(code2(page)).toBeFocused();
});

test('who is no administrator types the serial number, and is shown none', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.postData() ?? ''));
  await signIn(page, newAccount());
  await openWizard(page);
  await expect(page.getByRole('combobox')).toHaveCount(0);
  await serial(page).fill(' 2308 7012\u201301234 ');
  await serial(page).blur();
  await expect(serial(page)).toHaveValue('23087012-01234');
  expect(asked.join('\n')).not.toContain('ListDevices');
});

test('what is announced: the first code, the next one, that it submits, and the result', async ({ page }) => {
  const token = newToken({ type: 'TOTP' });
  await signIn(page, newAccount());
  await openWizard(page);
  const announced = await collectAnnouncements(page);
  await serial(page).fill(token.serial);
  await typePair(page, token.pair());
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
  await expect.poll(async () => (await announced()).at(-1)).toMatch(/^The device is associated\./);
  const told = await announced();
  expect(told.filter((text) => !/^(Code 1 is complete|.*next code|Submitting|The device is associated)/.test(text))).toEqual([]);
  expect(told).toContain('Submitting.');
  expect(new Set(told).size).toBe(told.length);
});

test('what was typed while the package was on its way is read', async ({ page }) => {
  let letIn = (): void => undefined;
  const arrived = new Promise<void>((resolve) => (letIn = resolve));
  await page.route('**/*.wasm', async (route) => {
    await arrived;
    await route.fallback();
  });
  await signIn(page, newAccount());
  await page.getByRole('button', { name: 'Associate a device' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await paste(page, code1(page), '123 456');
  await expect(code1(page)).toHaveValue('123 456');
  letIn();
  await expect(code1(page)).toHaveValue('123456');
});

test('nothing moves where motion is not wanted', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const token = await openResync(page, { type: 'TOTP' });
  await code1(page).pressSequentially(token.code(2));
  await expect(page.locator('keyfob-countdown-ring')).toBeVisible();
  const transitions = await page.locator('*').evaluateAll((all) => all.map((element) => getComputedStyle(element).transitionDuration));
  expect(new Set(transitions)).toEqual(new Set(['0s']));
});
