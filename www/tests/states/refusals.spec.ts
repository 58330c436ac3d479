import { type Page, expect } from '@playwright/test';
import { REASONS, type Reason } from '../../src/problem';
import { code1, code2, expectDescribed, openWizard, serial } from '../shared/wizard';
import { type Reply, refused, test } from '../support/made-up';
import { device, signedIn } from '../support/people';

const SAID: Readonly<Partial<Record<Reason, string>>> = {
  'wrong-code': 'The serial number and the codes do not belong together',
  'already-used': 'has been used already',
  'same-codes': 'Both codes are the same. Wait for the next code.',
  'not-consecutive': 'do not follow each other',
  'clock-too-far-off': 'clock of this device is too far off',
  'device-limit': 'as many devices as it may have',
  'code-required': 'Sign in with a code',
};

async function submit(page: Page): Promise<void> {
  await page.goto('/device');
  await openWizard(page);
  await fillIn(page);
}

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

for (const [reason, text] of Object.entries(SAID)) {
  test(`says what ${reason} means`, async ({ page, service }) => {
    signedIn(service, {}, []);
    service.replies['EnableMFADevice'] = () => refused('InvalidAuthenticationCode', reason);
    await submit(page);
    await expect(page.getByRole('alert')).toContainText(text);
    await expect(serial(page)).toHaveValue('2308701201234');
    await expect(code1(page)).toHaveValue('');
    await expect(code2(page)).toHaveValue('');
  });
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

test('marks the first field that is wrong, and puts the focus there', async ({ page, service }) => {
  signedIn(service, {}, []);
  service.replies['EnableMFADevice'] = () => refused('InvalidAuthenticationCode', 'not-consecutive');
  await submit(page);
  await expect(code1(page)).toBeFocused();
  await expect(code1(page)).toHaveAttribute('aria-invalid', 'true');
  await expectDescribed(page, code1(page), 'do not follow each other');
});

test('says when to try again', async ({ page, service }) => {
  signedIn(service, {}, []);
  service.replies['EnableMFADevice'] = () => {
    const RetryAt = new Date(Date.now() + 55_000).toISOString();
    return refused('EntityTemporarilyUnmodifiable', 'throttled', { RetryAt }, 409);
  };
  await submit(page);
  await expect(page.getByRole('alert')).toContainText(/You can try again in [1-5]?\d seconds?/);
});

test('reads alike for unknown and taken devices, except to administrators', async ({ page, service }) => {
  const texts: Record<string, string[]> = { User: [], Administrator: [] };
  for (const role of ['User', 'Administrator'] as const) {
    for (const reason of ['unknown-serial-number', 'taken']) {
      signedIn(service, { Role: role }, []);
      service.replies['EnableMFADevice'] = () => refused('InvalidAuthenticationCode', reason);
      await submit(page);
      await expect(serial(page)).toBeFocused();
      texts[role]?.push(await alertText(page));
    }
  }
  expect(texts['User']?.[0]).toBe(texts['User']?.[1]);
  expect(texts['Administrator']?.[0]).not.toBe(texts['Administrator']?.[1]);
});

test('keeps what was typed where no answer comes, and sends it again', async ({ page, service }) => {
  signedIn(service, {}, []);
  let reply: Reply = 'lost';
  service.replies['EnableMFADevice'] = () => reply;
  await submit(page);
  await expect(page.getByRole('alert')).toContainText('The service did not answer.');
  await expect(code1(page)).toHaveValue('123456');
  reply = { body: {} };
  await page.getByRole('button', { name: 'Associate MFA' }).click();
  await expect(page.getByText('The device is associated.')).toBeVisible();
});

test('takes an association whose answer was lost for what it is', async ({ page, service }) => {
  signedIn(service, {}, []);
  service.replies['EnableMFADevice'] = () => {
    signedIn(service);
    return 'lost';
  };
  await submit(page);
  await expect(page.getByText('The device is associated.')).toBeVisible();
});

test('leads back to the sign-in where the session has gone meanwhile', async ({ page, service }) => {
  signedIn(service, {}, []);
  await page.goto('/device');
  await openWizard(page);
  service.replies['GetSession'] = service.replies['EnableMFADevice'] = () => refused('NotSignedIn');
  await fillIn(page);
  await expect(page.getByRole('alert')).toContainText('You are not signed in any more.');
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await expect(page).toHaveURL('/sign-in?next=%2Fdevice');
});

test('shows anew what has changed meanwhile in another tab', async ({ page, service }) => {
  signedIn(service);
  await page.goto('/device');
  service.replies['DeactivateMFADevice'] = () => refused('NoSuchEntity', 'not-associated', {}, 404);
  await page.getByRole('button', { name: /^Deactivate/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Load the page again');
});

test('shows names as text, whatever is in them', async ({ page, service }) => {
  const name = '<img src=x onerror=alert(1)>';
  signedIn(service, { UserName: 'שרה' }, [device({ Manufacturer: name, Model: null })]);
  await page.goto('/device');
  await expect(page.getByRole('heading', { name })).toBeVisible();
  await expect(page.locator('.account-name')).toHaveAttribute('dir', 'auto');
  await expect(page.locator('img')).toHaveCount(0);
});
