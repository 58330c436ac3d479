import { Enrollment, init } from '@keyfob/wasm';
import type { Page } from '@playwright/test';
import { newAccount } from '../support/host';
import { expect, signIn, test as base } from '../support/served';
import { code1, code2, collectAnnouncements, expectDescribed, openWizard, paste, serial } from '../support/wizard';

/** What a person who is no administrator can do in the wizard for hardware devices, and see of it. */
const test = base.extend<{ wizard: Page }>({
  wizard: async ({ page }, use) => {
    await signIn(page, newAccount());
    await openWizard(page);
    await use(page);
  },
});

test('has one input for each code, which browsers fill in and telephones show digits for', async ({ wizard }) => {
  for (const field of [code1(wizard), code2(wizard)]) {
    await expect(field).toHaveAttribute('type', 'text');
    await expect(field).toHaveAttribute('inputmode', 'numeric');
    await expect(field).toHaveAttribute('autocomplete', 'one-time-code');
  }
  await expect(wizard.locator('form input[type=text]')).toHaveCount(3);
  await expect(wizard.locator('form').locator('input[type=number], input[type=password]')).toHaveCount(0);
});

for (const pasted of ['123 456', '123-456', '１２３４５６', ' 123–456 ']) {
  test(`takes “${pasted}” for 123456`, async ({ wizard }) => {
    await paste(wizard, code1(wizard), pasted);
    await expect(code1(wizard)).toHaveValue('123456');
    await expect(code1(wizard)).not.toHaveAttribute('aria-invalid');
  });
}

test('keeps leading zeros', async ({ wizard }) => {
  await paste(wizard, code1(wizard), '000 042');
  await expect(code1(wizard)).toHaveValue('000042');
});

test('says at the field that letters are no code', async ({ wizard }) => {
  await code1(wizard).pressSequentially('12a');
  await expect(code1(wizard)).toHaveAttribute('aria-invalid', 'true');
  await expectDescribed(wizard, code1(wizard), 'A code has only the digits 0 to 9.');
  await code1(wizard).press('Backspace');
  await expect(code1(wizard)).not.toHaveAttribute('aria-invalid');
});

test('leads from the last digit to the second code, as it has said before, and submits nothing', async ({ wizard }) => {
  await expectDescribed(wizard, code1(wizard), 'you are taken to the second code');
  const submitted: string[] = [];
  wizard.on('request', (request) => request.method() === 'POST' && submitted.push(request.url()));
  await serial(wizard).fill('2308701201234');
  await code1(wizard).pressSequentially('123456');
  await expect(code2(wizard)).toBeFocused();
  await code2(wizard).pressSequentially('654321');
  await expect(code2(wizard)).toBeFocused();
  expect(submitted).toEqual([]);
});

test('lets Backspace and Shift+Tab do what they always do', async ({ wizard }) => {
  await code1(wizard).pressSequentially('123456');
  await expect(code2(wizard)).toBeFocused();
  await code2(wizard).pressSequentially('65');
  await wizard.keyboard.press('Backspace');
  await expect(code2(wizard)).toHaveValue('6');
  await wizard.keyboard.press('Shift+Tab');
  await wizard.keyboard.press('Shift+Tab');
  await expect(code1(wizard)).toBeFocused();
  await wizard.keyboard.press('End');
  await wizard.keyboard.press('Backspace');
  await expect(code1(wizard)).toHaveValue('12345');
  await expect(code1(wizard)).toBeFocused();
});

test('waits for the eighth digit of a device that shows eight', async ({ wizard }) => {
  await wizard.getByLabel('My device shows 8 digits').check();
  await code1(wizard).pressSequentially('123456');
  await expect(code1(wizard)).toBeFocused();
  await wizard.keyboard.type('78');
  await expect(code2(wizard)).toBeFocused();
});

test('says that both codes are the same before anything is sent', async ({ wizard }) => {
  await serial(wizard).fill('2308701201234');
  await code1(wizard).pressSequentially('123456');
  await code2(wizard).pressSequentially('123456');
  await expectDescribed(wizard, code2(wizard), 'Both codes are the same. Wait for the next code.');
});

test('counts down about the period, with a ring that is for eyes only', async ({ wizard }) => {
  await serial(wizard).fill('2308701201234');
  await code1(wizard).pressSequentially('123456');
  await expect(wizard.getByText('Wait 30 seconds while the device refreshes')).toBeVisible();
  await expect(wizard.locator('.wait')).toContainText(/Wait about \d+ s for the next code|shows its next code now/);
  await expect(wizard.locator('keyfob-countdown-ring')).toHaveAttribute('aria-hidden', 'true');
});

test('announces each step once, and never the seconds', async ({ wizard }) => {
  const announced = await collectAnnouncements(wizard);
  await serial(wizard).fill('2308701201234');
  await code1(wizard).pressSequentially('123456');
  await code2(wizard).pressSequentially('654321');
  await expect.poll(async () => (await announced())[0]).toMatch(/^Code 1 is complete\. /);
  // Seconds that were told would be told by now.
  await wizard.waitForTimeout(2500);
  const told = await announced();
  expect(told.length).toBeLessThanOrEqual(3);
});

test('says what is missing: an alert, and the focus on the first field that is wrong', async ({ wizard }) => {
  await wizard.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(wizard.getByRole('alert')).toContainText('The device was not associated.');
  await expect(serial(wizard)).toBeFocused();
  await expect(serial(wizard)).toHaveAttribute('aria-invalid', 'true');
  await expectDescribed(wizard, serial(wizard), 'The serial number is empty.');
});

test('asks for what the core’s enrollment asks for, and says what it says', async ({ wizard }) => {
  await init();
  const enrollment = new Enrollment();
  const now = Math.floor(Date.now() / 1000);
  for (const [field, typed] of [[serial, '2308701201234'], [code1, '123456'], [code2, '654321']] as const) {
    const { label = '', notice } = enrollment.step(now);
    await expect(field(wizard)).toHaveAccessibleName(label);
    if (notice !== undefined) await expect(wizard.locator('.wait')).toHaveText(/^(Wait about \d+ s for the next code|The device shows its next code now)\.$/);
    for (const wrong of ['', '12?']) {
      const outcome = enrollment.enter(wrong, now);
      if (outcome.ok) throw new Error(`${wrong} is taken for a ${label}`);
      await field(wizard).fill(wrong);
      await wizard.getByRole('button', { name: 'Associate MFA' }).click();
      await expectDescribed(wizard, field(wizard), new RegExp(outcome.message.slice(1).replaceAll(/[^\w ]/g, '.')));
    }
    enrollment.enter(typed, now);
    await field(wizard).fill(typed);
  }
});
