import { expect } from '@playwright/test';
import { code1, code2, collectAnnouncements, openWizard, paste, serial } from '../shared/wizard';
import { test } from '../support/made-up';
import { device, openResync, session, signedIn } from '../support/people';

test.describe('a device that counts otherwise', () => {
  test('has its own period', async ({ page, service }) => {
    signedIn(service, {}, [device({ Period: 60 })]);
    await page.goto('/device');
    await openResync(page);
    await expect(page.getByText('Wait 60 seconds while the device refreshes')).toBeVisible();
  });

  test('has no countdown where it follows its button', async ({ page, service }) => {
    signedIn(service, {}, [device({ Type: 'HOTP', Period: null })]);
    await page.goto('/device');
    await openResync(page);
    await code1(page).pressSequentially('123456');
    await expect(page.getByText('Press the button again')).toBeVisible();
    await expect(page.locator('.wait')).toHaveText("Press the device's button once more.");
    await expect(page.locator('keyfob-countdown-ring')).toBeHidden();
  });

  test('is looked up by an administrator, and counts as it does', async ({ page, service }) => {
    signedIn(service, { Role: 'Administrator' }, []);
    const found = [device({ SerialNumber: 'AB-1', UserName: null, Digits: 8, Period: 60 }), device({ SerialNumber: 'AB-2', UserName: null })];
    service.replies['ListDevices'] = () => ({ body: { Devices: found, IsTruncated: false } });
    service.replies['GetDevice'] = () => ({ body: found[0] });
    await page.goto('/device');
    await openWizard(page);
    const combobox = page.getByRole('combobox', { name: 'Serial Number' });
    await combobox.pressSequentially('ab');
    await expect(page.getByRole('option')).toHaveCount(2);
    await expect(combobox).toHaveAttribute('aria-expanded', 'true');
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Enter');
    await expect(combobox).toHaveValue('AB-1');
    await expect(combobox).toHaveAttribute('aria-expanded', 'false');
    await expect(page.getByText('Wait 60 seconds while the device refreshes')).toBeVisible();
    await code1(page).pressSequentially('1234567');
    await expect(code1(page)).toBeFocused();
    await page.keyboard.type('8');
    await expect(code2(page)).toBeFocused();
  });
});

test('has no list of serial numbers for those who are no administrators', async ({ page, service }) => {
  signedIn(service, {}, []);
  await page.goto('/device');
  await openWizard(page);
  await expect(page.getByRole('combobox')).toHaveCount(0);
  await serial(page).fill(' 2308 7012\u201301234 ');
  await serial(page).blur();
  await expect(serial(page)).toHaveValue('23087012-01234');
  expect(service.asked.map((asked) => asked.get('Action'))).not.toContain('ListDevices');
});

test('asks root for the serial number twice, and shows on the second where they differ', async ({ page, service }) => {
  signedIn(service, { UserName: 'root', Role: 'Root' }, []);
  await page.goto('/root');
  await openWizard(page, 'Activate MFA');
  const again = page.getByRole('textbox', { name: 'Re-Enter Serial Number' });
  await page.getByRole('combobox', { name: 'Serial Number' }).fill('2308701201234');
  await again.fill('2308701201235');
  await again.blur();
  await expect(again).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('The serial numbers differ')).toBeVisible();
  await again.fill('2308701201234');
  await again.blur();
  await expect(again).not.toHaveAttribute('aria-invalid');
  await expect(page.getByRole('button', { name: 'Activate Authentication Device' })).toBeVisible();
});

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

test('takes pasted serial numbers from root, too', async ({ page, service }) => {
  signedIn(service, { UserName: 'root', Role: 'Root' }, []);
  await page.goto('/root');
  await openWizard(page, 'Activate MFA');
  for (const field of [page.getByRole('combobox', { name: 'Serial Number' }), page.getByRole('textbox', { name: 'Re-Enter Serial Number' })]) {
    await paste(page, field, ' 2308 7012 01234 ');
    await field.blur();
    await expect(field).not.toHaveAttribute('aria-invalid');
  }
  await code1(page).fill('123456');
  await code2(page).fill('654321');
  service.replies['EnableMFADevice'] = () => ({ body: {} });
  await page.getByRole('button', { name: 'Activate Authentication Device' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
  expect(service.asked.findLast((asked) => asked.get('Action') === 'EnableMFADevice')?.get('SerialNumber')).toBe('2308701201234');
});

test('announces that it submits, and the result', async ({ page, service }) => {
  signedIn(service, {}, []);
  service.replies['EnableMFADevice'] = () => ({ body: {} });
  await page.goto('/device');
  await openWizard(page);
  const announced = await collectAnnouncements(page);
  await serial(page).fill('2308701201234');
  await code1(page).fill('123456');
  await code2(page).fill('654321');
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
  await expect.poll(async () => (await announced()).length).toBeGreaterThanOrEqual(3);
  // The first code, the next one, the submission and the result: nothing else, and none of them twice.
  const told = await announced();
  expect(told.filter((text) => !/^(Code 1 is complete|.*next code|Submitting|The device is associated)/.test(text))).toEqual([]);
  expect(told).toContain('Submitting.');
  expect(told.at(-1)).toMatch(/^The device is associated\./);
  expect(new Set(told).size).toBe(told.length);
});

test('reads what was typed while the package was on its way', async ({ page, service }) => {
  let letIn = (): void => undefined;
  const arrived = new Promise<void>((resolve) => (letIn = resolve));
  await page.route('**/*.wasm', async (route) => {
    await arrived;
    await route.fallback();
  });
  signedIn(service, {}, []);
  await page.goto('/device');
  await page.getByRole('button', { name: 'Associate a device' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await serial(page).fill('2308701201234');
  await paste(page, code1(page), '123 456');
  await expect(code1(page)).toHaveValue('123 456');
  letIn();
  await expect(code1(page)).toHaveValue('123456');
});

test('submits as a plain form where a browser has no WebAssembly', async ({ page, service }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
  signedIn(service, {}, []);
  service.replies['EnableMFADevice'] = () => ({ body: {} });
  await page.goto('/device');
  await openWizard(page);
  await expect(page.locator('keyfob-enrollment-form')).toHaveAttribute('data-checked-by', 'service');
  await serial(page).fill('2308701201234');
  await code1(page).fill('123456');
  await code2(page).fill('654321');
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
});

test('submits as a plain form where the package is missing', async ({ page, service }) => {
  service.missing.push(/\.wasm$/);
  signedIn(service, {}, []);
  service.replies['EnableMFADevice'] = () => ({ body: {} });
  await page.goto('/device');
  await openWizard(page);
  await serial(page).fill('2308701201234');
  await code1(page).fill('123456');
  await code2(page).fill('654321');
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
  expect(Object.fromEntries(service.asked.findLast((asked) => asked.get('Action') === 'EnableMFADevice') ?? [])).toMatchObject({
    UserName: 'alice', SerialNumber: '2308701201234', AuthenticationCode1: '123456', AuthenticationCode2: '654321',
  });
});
