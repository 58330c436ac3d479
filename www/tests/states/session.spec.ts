import { expect } from '@playwright/test';
import { test } from '../support/made-up';
import { session, signedIn } from '../support/people';

test('warns before the session ends, and extends it', async ({ page, service }) => {
  await page.clock.install();
  signedIn(service);
  await page.goto('/device');
  await expect(page.getByRole('heading', { name: 'My device' })).toBeVisible();
  await page.clock.fastForward('13:30');
  const dialog = page.getByRole('dialog', { name: 'Are you still there?' });
  await expect(dialog).toContainText('You will be signed out in about 2 minutes');
  const now = await page.evaluate(() => Date.now());
  service.replies['GetSession'] = () => ({ body: session({ IdleExpiration: new Date(now + 900_000).toISOString() }) });
  await dialog.getByRole('button', { name: 'Stay signed in' }).click();
  await expect(dialog).toBeHidden();
  await page.clock.fastForward('05:00');
  await expect(dialog).toBeHidden();
  await page.clock.fastForward('09:00');
  await expect(dialog).toBeVisible();
});

test('goes to the sign-in page when the session has ended', async ({ page, service }) => {
  await page.clock.install();
  signedIn(service);
  await page.goto('/device');
  await expect(page.getByRole('heading', { name: 'My device' })).toBeVisible();
  await page.clock.fastForward('14:30');
  await expect(page.getByRole('dialog')).toBeVisible();
  service.replies['GetSession'] = () => ({ status: 403, body: { Error: { Code: 'NotSignedIn' } } });
  // The page goes away while its clock runs: what the clock says of that is no matter.
  await Promise.all([page.waitForURL('/sign-in?next=%2Fdevice'), page.clock.fastForward(60_000).catch(() => undefined)]);
});
