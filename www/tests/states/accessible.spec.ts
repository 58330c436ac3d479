import { expect } from '@playwright/test';
import { expectAccessible, expectVisibleFocus } from '../support/accessibility';
import { refused, test } from '../support/made-up';
import { openResync, signedIn } from '../support/people';
import { code1, code2, expectReady, serial } from '../shared/wizard';

test.setTimeout(360_000);

test('the sign-in', async ({ page, service }) => {
  service.replies['/sign-in'] = () => ({ body: { Next: 'Code', Digits: [6], OfferResync: false } });
  await page.goto('/sign-in');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('User name').fill('alice');
  await page.getByLabel('Password').fill('correct horse');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Authentication code')).toBeFocused();
  await expectAccessible(page);
  service.replies['/sign-in/code'] = () => refused('InvalidAuthenticationCode', 'wrong-code', { OfferResync: true });
  await page.keyboard.type('123456\n');
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'My code does not work' }).click();
  await expect(page.getByRole('heading', { name: 'My code does not work' })).toBeFocused();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Resynchronise my device' }).click();
  await expectReady(page);
  await expectAccessible(page);
});

test('a locked account', async ({ page, service }) => {
  service.replies['/sign-in'] = () => ({ body: { Next: 'Wait', RetryAt: null } });
  await page.goto('/sign-in');
  await page.getByLabel('User name').fill('alice');
  await page.getByLabel('Password').fill('correct horse');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Your account is locked' })).toBeVisible();
  await expectAccessible(page);
});

test('a page with a device, its dialogs and its wizard', async ({ page, service }) => {
  signedIn(service);
  service.replies['EnableMFADevice'] = () => refused('InvalidAuthenticationCode', 'not-consecutive');
  await page.goto('/device');
  await expect(page.getByRole('heading', { name: 'Devices' })).toBeVisible();
  await expectAccessible(page);
  await expectVisibleFocus(page);
  await page.getByRole('button', { name: /^Deactivate/ }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Associate a device' }).click();
  await expect(page.getByLabel('Hardware MFA device')).toBeFocused();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expectReady(page);
  await serial(page).fill('2308701201234');
  await code1(page).pressSequentially('123456');
  await expect(code2(page)).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.type('654321\n');
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  service.replies['EnableMFADevice'] = () => ({ body: {} });
  await code1(page).pressSequentially('123456');
  await expect(code2(page)).toBeFocused();
  await page.keyboard.type('654321\n');
  await expect(page.getByText('The device is associated.')).toBeVisible();
  await expectAccessible(page);
});

test('a page without a device', async ({ page, service }) => {
  signedIn(service, {}, []);
  await page.goto('/device');
  await expect(page.getByRole('heading', { name: 'No device yet' })).toBeVisible();
  await expectAccessible(page);
});

test('recovery codes', async ({ page, service }) => {
  signedIn(service);
  service.replies['CreateRecoveryCodes'] = () => ({ body: { RecoveryCodes: ['ABCD-EFGH-JKLM', 'NPQR-STUV-WXYZ'] } });
  await page.goto('/device');
  await page.getByRole('button', { name: 'Make new ones' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make recovery codes' }).click();
  await expect(page.getByText('ABCD-EFGH-JKLM')).toBeVisible();
  await expectAccessible(page);
});

test('the pages for what went wrong', async ({ page, service }) => {
  service.replies['GetSession'] = () => 'lost';
  await page.goto('/device');
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await page.goto('/nothing');
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await expectAccessible(page);
});

test('nothing moves where motion is not wanted', async ({ page, service }) => {
  signedIn(service);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/device');
  await openResync(page);
  const transitions = await page.locator('*').evaluateAll((all) => all.map((element) => getComputedStyle(element).transitionDuration));
  expect(new Set(transitions)).toEqual(new Set(['0s']));
});
