import { expect } from '@playwright/test';
import { refused, test } from '../support/made-up';
import { signedIn } from '../support/people';

for (const next of ['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)', '/sign-in', '%2F%2Felsewhere.example']) {
  test(`does not follow next=${next}`, async ({ page, service }) => {
    signedIn(service);
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await expect(page).toHaveURL('/device');
  });
}

test('goes on to the page that asked for the sign-in', async ({ page, service }) => {
  signedIn(service, { Role: 'Administrator' });
  await page.goto(`/sign-in?next=${encodeURIComponent('/user?name=alice')}`);
  await expect(page).toHaveURL('/user?name=alice');
});

test('keeps the password where no answer comes', async ({ page, service }) => {
  service.replies['/sign-in'] = () => 'lost';
  await page.goto('/sign-in');
  await page.getByLabel('User name').fill('alice');
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('The service did not answer.');
  await expect(page.getByLabel('Password')).toHaveValue('correct horse');
});

test('says how long to wait, and when it is over', async ({ page, service }) => {
  await page.clock.install();
  service.replies['/sign-in'] = () => ({ body: { Next: 'Wait', RetryAt: new Date(Date.now() + 45_000).toISOString() } });
  await page.goto('/sign-in');
  await page.getByLabel('User name').fill('alice');
  await page.getByLabel('Password').fill('correct horse');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/You can try again in \d+ seconds\./)).toBeVisible();
  await page.clock.fastForward(60_000);
  await expect(page.getByText('You can try again now.')).toBeVisible();
});

test('says who unlocks an account', async ({ page, service }) => {
  service.replies['/sign-in'] = () => ({ body: { Next: 'Wait', RetryAt: null } });
  await page.goto('/sign-in');
  await page.getByLabel('User name').fill('alice');
  await page.getByLabel('Password').fill('correct horse');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Your account is locked' })).toBeFocused();
  await expect(page.getByText('An administrator has to unlock it.')).toBeVisible();
});

test('tells an address with too many tries to wait', async ({ page, service }) => {
  service.replies['/sign-in'] = () => refused('TooManyRequests', undefined, {}, 429);
  await page.goto('/sign-in');
  await page.getByLabel('User name').fill('alice');
  await page.getByLabel('Password').fill('correct horse');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('too many tries from your network');
});

test('begins again where the code came too late', async ({ page, service }) => {
  service.replies['/sign-in'] = () => ({ body: { Next: 'Code', Digits: [6], OfferResync: false } });
  await page.goto('/sign-in');
  await page.getByLabel('User name').fill('alice');
  await page.getByLabel('Password').fill('correct horse');
  await page.keyboard.press('Enter');
  await page.getByLabel('Authentication code').fill('123456');
  await page.keyboard.press('Enter');
  await expect(page.getByText('That took too long.')).toBeVisible();
  await expect(page.getByLabel('User name')).toHaveValue('alice');
});

test('tells what has happened since the last sign-in', async ({ page, service }) => {
  service.replies['/sign-in'] = () => ({ body: { Next: 'Code', Digits: [6], OfferResync: false } });
  service.replies['/sign-in/code'] = () => ({
    body: {
      Next: 'Done',
      RecoveryCodesLeft: 2,
      Notices: [{ Kind: 'associated', Time: '2026-11-24T02:41:32Z', SerialNumber: '2308701201234', Door: 'service', Remote: '192.0.2.7', Count: 1 }],
    },
  });
  await page.goto('/sign-in');
  await page.getByLabel('User name').fill('alice');
  await page.getByLabel('Password').fill('correct horse');
  await page.keyboard.press('Enter');
  await page.getByLabel('Authentication code').fill('123456');
  await page.keyboard.press('Enter');
  await expect(page.getByText('A device was associated with your account')).toBeVisible();
  await expect(page.getByText('2 recovery codes are left')).toBeVisible();
  signedIn(service);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page).toHaveURL('/device');
});
