import { expectAccessible } from '../support/accessibility';
import { newToken } from '../support/host';
import { picture } from '../support/pictures';
import { expect, signIn, signOut, test } from '../support/served';
import { code1, code2, expectDescribed, openWizard, paste } from '../support/wizard';

// There is one root: whatever signs in as root stands in this file, one test after the other.

test.setTimeout(360_000);

test('root activates a device with its serial number typed twice', async ({ page }) => {
  const token = newToken();
  await signIn(page, 'root');
  await expect(page).toHaveURL('/root');
  await openWizard(page, 'Activate MFA');
  const [first, again] = [page.getByRole('combobox', { name: 'Serial Number' }), page.getByRole('textbox', { name: 'Re-Enter Serial Number' })];
  await first.fill(token.serial);
  await again.fill(`${token.serial}9`);
  await again.blur();
  await expect(page.getByText('The serial numbers differ')).toBeVisible();
  await again.fill(token.serial);
  await code1(page).pressSequentially(token.code());
  await code2(page).fill(token.code());
  await page.getByRole('button', { name: 'Activate Authentication Device' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();
  await signOut(page);
  await signIn(page, 'root', token.code());
  // Root signs in with the password alone in the other tests.
  await page.getByRole('button', { name: /^Deactivate/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
  await expect(page.getByRole('heading', { name: 'No device yet' })).toBeVisible();
});

test('root’s serial numbers are compared on the second field, and both take what is pasted', async ({ page }) => {
  await signIn(page, 'root');
  await openWizard(page, 'Activate MFA');
  const [first, again] = [page.getByRole('combobox', { name: 'Serial Number' }), page.getByRole('textbox', { name: 'Re-Enter Serial Number' })];
  await paste(page, first, ' 2308 7012 01234 ');
  await paste(page, again, ' 2308 7012 01235 ');
  await again.blur();
  await expect(first).toHaveValue('2308701201234');
  await expect(first).not.toHaveAttribute('aria-invalid');
  await expect(again).toHaveAttribute('aria-invalid', 'true');
  await expectDescribed(page, again, 'The serial numbers differ');
  await again.fill('');
  await paste(page, again, '2308 7012 01234');
  await again.blur();
  await expect(again).not.toHaveAttribute('aria-invalid');
});

test('root’s page and wizard have no barrier', async ({ page }) => {
  await signIn(page, 'root');
  await expect(page.getByRole('heading', { name: 'No device yet' })).toBeVisible();
  await expectAccessible(page);
  await openWizard(page, 'Activate MFA');
  await expectAccessible(page);
  await page.getByRole('combobox', { name: 'Serial Number' }).fill('2308701201234');
  await page.getByRole('textbox', { name: 'Re-Enter Serial Number' }).fill('2308701201235');
  await page.getByRole('button', { name: 'Activate Authentication Device' }).click();
  await expect(page.getByRole('alert')).toHaveText(/./);
  await expectAccessible(page);
});

test('a picture of it', async ({ page }) => {
  await signIn(page, 'root');
  await openWizard(page, 'Activate MFA');
  await picture(page, 'root');
});
