import { expect, test } from '../support/made-up';
import { signedIn } from '../support/people';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    const shot = (page: import('@playwright/test').Page, name: string) => page.screenshot({ path: `/tmp/shots/${name}-${colorScheme}.png`, fullPage: true });
    test('sign-in', async ({ page, service }) => {
      service.replies['/sign-in'] = () => ({ body: { Next: 'Code', Digits: [6], OfferResync: false } });
      service.replies['/sign-in/code'] = () => ({ status: 403, body: { Error: { Code: 'InvalidAuthenticationCode', Reason: 'already-used', Message: 'x', OfferResync: true } } });
      await page.goto('/sign-in');
      await page.getByLabel('User name').fill('alice');
      await shot(page, 'sign-in');
      await page.getByLabel('Password').fill('alice');
      await page.keyboard.press('Enter');
      await page.getByLabel('Authentication code').fill('123456');
      await shot(page, 'code');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('alert')).toBeVisible();
      await shot(page, 'code-error');
      await page.getByRole('button', { name: 'My code does not work' }).click();
      await shot(page, 'help');
      await page.getByRole('button', { name: 'Resynchronise' }).click();
      await page.getByLabel('Authentication Code 1').fill('123456');
      await shot(page, 'resync');
    });
    test('device', async ({ page, service }) => {
      signedIn(service);
      await page.goto('/device');
      await expect(page.getByText('Where you are signed in')).toBeVisible();
      await shot(page, 'device');
      await page.getByRole('button', { name: 'Deactivate' }).click();
      await shot(page, 'deactivate');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Associate a device' }).click();
      await shot(page, 'kind');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('textbox', { name: 'Serial Number' }).fill('2308701201234');
      await page.getByLabel('Authentication Code 1').fill('123456');
      await shot(page, 'wizard');
    });
    test('none and software', async ({ page, service }) => {
      signedIn(service, {}, []);
      service.replies['CreateVirtualMFADevice'] = () => ({ body: { VirtualMFADevice: { SerialNumber: 'arn:aws:iam::000000000000:mfa/phone', Base32StringSeed: btoa('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'), QRCodePNG: '' } } });
      await page.goto('/device');
      await expect(page.getByText('Where you are signed in')).toBeVisible();
      await shot(page, 'none');
      await page.getByRole('button', { name: 'Associate a device' }).click();
      await page.getByLabel('Virtual').check();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByLabel('Device name').fill('phone');
      await page.getByRole('button', { name: 'Continue' }).click();
      await expect(page.getByLabel('Authentication Code 1')).toBeVisible();
      await shot(page, 'software');
    });
    test('user', async ({ page, service }) => {
      signedIn(service, { Role: 'Administrator', UserName: 'bob' });
      await page.goto('/user?name=alice');
      await expect(page.getByText('Wrong tries')).toBeVisible();
      await shot(page, 'user');
    });
    test('root narrow', async ({ page, service }) => {
      await page.setViewportSize({ width: 320, height: 640 });
      signedIn(service, { Role: 'Root', UserName: 'root' }, []);
      await page.goto('/device');
      await page.getByRole('button', { name: 'Associate a device' }).click();
      await page.getByRole('button', { name: 'Continue' }).click();
      await shot(page, 'root-narrow');
      await page.goto('/nothing');
      await shot(page, '404');
    });
  });
}
