import { type Page, expect } from '@playwright/test';
import { REASONS } from '../../src/problem';
import { refused, test } from '../support/made-up';
import { signedIn } from '../support/people';
import { code1, code2, openWizard, serial } from '../support/wizard';

async function fillIn(page: Page): Promise<void> {
  await serial(page).fill('2308701201234');
  await code1(page).pressSequentially('123456');
  await code2(page).fill('654321');
  await page.getByRole('button', { name: 'Associate MFA' }).click();
}

/** What the alert says, as soon as it says something. */
async function alertText(page: Page): Promise<string> {
  await expect(page.getByRole('alert')).toHaveText(/./);
  return page.getByRole('alert').innerText();
}

test('has a text for each reason, and no two are alike', async ({ page, service }) => {
  const texts = new Set<string>();
  signedIn(service, { Role: 'Administrator' }, []);
  await page.goto('/device');
  await openWizard(page);
  for (const reason of REASONS) {
    service.replies['EnableMFADevice'] = () => refused('InvalidAuthenticationCode', reason);
    await fillIn(page);
    await expect(code1(page)).toHaveValue('');
    texts.add(await alertText(page));
  }
  expect(texts.size).toBe(REASONS.length);
});
