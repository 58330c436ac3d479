import { type Page, expect } from '@playwright/test';
import type { Device, UserStatus } from '../../src/actions';
import { expectAccessible, expectVisibleFocus } from '../support/accessibility';
import { type MadeUp, refused, test } from '../support/made-up';
import { device, event, signedIn, status } from '../support/people';

test.setTimeout(360_000);

const DAY = 86_400_000;

/** Names that break pages which take text for markup, or forget who writes from right to left. */
const NAMES = ['<img src=x onerror=alert(1)>', 'عبد الرحمن', `${'very-long-name-'.repeat(8)}end`, 'bob'];

function ago(days: number): string {
  return new Date(Date.now() - days * DAY).toISOString();
}

/** So many devices; every second one is somebody's. */
function devices(count: number): Device[] {
  return Array.from({ length: count }, (_, index) => device({
    SerialNumber: String(2_308_700_000_000 + index),
    UserName: index % 2 === 0 ? (NAMES[index / 2] ?? `user${index}`) : null,
    Drift: (index % 7) - 3,
    DriftSeconds: ((index % 7) - 3) * 30,
    LastUsed: index % 2 === 0 ? ago(index % 40) : null,
    Imported: ago(100),
  }));
}

/** An administrator, a fleet of devices in pages of 1000, their users and a policy. */
function fleet(service: MadeUp, all: readonly Device[], users: readonly UserStatus[] = []): void {
  signedIn(service, { UserName: 'admin', Role: 'Administrator' }, all);
  service.replies['ListDevices'] = (parameters) => {
    const text = parameters.get('Filter') ?? '';
    const found = all.filter(({ SerialNumber }) => SerialNumber.includes(text));
    const first = Number(parameters.get('Marker') ?? 0);
    const last = first + Number(parameters.get('MaxItems') ?? 100);
    return { body: { Devices: found.slice(first, last), IsTruncated: last < found.length, ...(last < found.length && { Marker: String(last) }) } };
  };
  service.replies['ListUserStatuses'] = () => ({ body: { Users: users, IsTruncated: false } });
  service.replies['GetPolicy'] = () => ({ body: { SignIn: { TotpSteps: 1, Required: 'group:staff', RequiredFrom: '2026-12-01T00:00:00Z' }, Association: { TotpSeconds: 43_200 } } });
}

const column = (page: Page, title: string) => page.getByRole('columnheader', { name: title });
const rows = (page: Page) => page.locator('tbody tr');

test('the inventory of 10,000 devices is sorted, filtered and searched whole, a hundred rows at a time', async ({ page, service }) => {
  fleet(service, devices(10_000));
  await page.goto('/devices');
  const pages = page.getByRole('navigation', { name: 'Pages of the table' });
  await expect(pages).toContainText('1–100 of 10,000 devices, sorted by device, ascending');
  await expect(rows(page)).toHaveCount(100);
  await expect(column(page, 'Device')).toHaveAttribute('aria-sort', 'ascending');
  await column(page, 'Device').getByRole('button').click();
  await expect(column(page, 'Device')).toHaveAttribute('aria-sort', 'descending');
  await expect(rows(page).first()).toContainText('•••• 9999');
  await expect(column(page, 'Device').getByRole('button')).toBeFocused();
  await column(page, 'Clock').getByRole('button').click();
  await expect(column(page, 'Device')).toHaveAttribute('aria-sort', 'none');
  await expect(rows(page).first()).toContainText('3 steps (90 s) behind');
  await pages.getByRole('button', { name: 'Next' }).click();
  await expect(pages).toContainText('101–200 of 10,000');
  await page.getByLabel('Serial number, user, maker or model').fill('2308 7000-07777');
  await expect(rows(page)).toHaveCount(1);
  await page.getByLabel('Serial number, user, maker or model').fill('');
  await page.getByLabel('Show').selectOption('free');
  await expect(pages).toContainText('of 5,000 devices');
  await page.reload();
  await expect(page.getByLabel('Show')).toHaveValue('free');
  await expect(pages).toContainText('of 5,000 devices');
});

test('typing in the search of 10,000 devices does not hold the page up', async ({ page, service }) => {
  fleet(service, devices(10_000));
  await page.goto('/devices');
  await expect(page.getByText('of 10,000 devices')).toBeVisible();
  await page.getByLabel('Serial number, user, maker or model').pressSequentially('user77');
  // Each key draws a page of rows at most, whatever the number of devices.
  await expect(rows(page)).toHaveCount(55);
  expect(await page.locator('tr').count()).toBeLessThan(102);
});

test('devices that are about to leave the window or to expire, and old ones, are shown with the reason', async ({ page, service }) => {
  fleet(service, [
    device({ SerialNumber: '1111', LastUsed: ago(1) }),
    device({ SerialNumber: '2222', LastUsed: ago(200), Imported: ago(300) }),
    device({ SerialNumber: '3333', LastUsed: ago(1), Imported: ago(5 * 365) }),
    device({ SerialNumber: '4444', LastUsed: ago(1), DriftSeconds: 40_000, Drift: 1333 }),
    device({ SerialNumber: '5555', LastUsed: ago(1), Expires: ago(-60.5) }),
    device({ SerialNumber: '6666', LastUsed: ago(1), Expires: ago(2) }),
    device({ SerialNumber: '7777', LastUsed: ago(1), Expires: ago(-100) }),
  ]);
  await page.goto('/devices');
  await page.getByLabel('Show').selectOption('expiring');
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText('About to expire');
  await expect(rows(page).last()).toContainText('Expired');
  await page.getByRole('link', { name: /5555/ }).click();
  await expect(page.getByText('Its maker warrants it for 60 more days')).toBeVisible();
  await page.goto('/devices');
  await page.getByLabel('Show').selectOption('leaving');
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText('2222');
  await page.getByLabel('Show').selectOption('old');
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('link', { name: /3333/ }).click();
  await expect(page.getByText('plan for a new one')).toBeVisible();
  await page.goto('/devices?serial=2222');
  await expect(page.getByText('Not used for 200 days: its clock may have run off by 66 s, and 30 s are allowed.')).toBeVisible();
});

test('users are filtered, and somebody who is not listed can be managed', async ({ page, service }) => {
  const none = { Failures: 0, ThrottledUntil: null, Locked: false };
  fleet(service, [], [
    status({ UserName: 'alice' }),
    status({ UserName: 'bob', SerialNumbers: [], IsRequired: true }),
    status({ UserName: 'carol', SignIn: { ...none, Failures: 100, Locked: true } }),
  ]);
  await page.goto('/users');
  await expect(rows(page)).toHaveCount(3);
  await page.getByLabel('Show').selectOption('required');
  await expect(rows(page)).toHaveText([/^bob/]);
  await page.getByLabel('Show').selectOption('stopped');
  await expect(rows(page)).toHaveText([/^carol.*Locked/]);
  await page.getByLabel('Show').selectOption('');
  await page.getByLabel('User name or serial number').fill('dave');
  await expect(page.getByRole('link', { name: 'Manage dave' })).toHaveAttribute('href', '/user?name=dave');
  await expectAccessible(page);
});

test('who has no device yet, and from when on one is required', async ({ page, service }) => {
  const from = ago(-7);
  fleet(service, [], [
    status({ UserName: 'alice', IsRequired: false, RequiredFrom: from }),
    status({ UserName: 'bob', IsRequired: false, RequiredFrom: from, SerialNumbers: [], Groups: ['bob', 'staff'] }),
    status({ UserName: 'carol', IsRequired: true, RequiredFrom: ago(7), SerialNumbers: [], RecoveryCodesLeft: 0, Groups: ['carol', 'sales', 'staff'] }),
    status({ UserName: 'dave', IsRequired: false, SerialNumbers: [] }),
  ]);
  await page.goto('/required');
  await expect(page.getByText('Members of the group staff')).toBeVisible();
  await expect(page.getByRole('heading', { name: '1 of 3 users have a device' })).toBeVisible();
  await expect(rows(page)).toHaveText([/^bobbob, staff.*Until/, /^carolcarol, sales, staff.*Kept out/]);
  await expect(page.getByLabel('Group')).toContainText('staff (2)');
  await expectAccessible(page);
  await page.getByLabel('Group').selectOption('sales');
  await expect(rows(page)).toHaveText([/^carol/]);
  await page.reload();
  await expect(rows(page)).toHaveText([/^carol/]);
  await page.getByLabel('Group').selectOption('');
  await expect(rows(page)).toHaveCount(2);
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()]);
  expect(await text(saved)).toContain('"bob","bob staff"');
});

test('whoever has lost a device is handed one code that ends, which is shown once', async ({ page, service }) => {
  fleet(service, [device()]);
  service.replies['CreateRecoveryCodes'] = () => refused('AccessDenied', 'code-required');
  await page.goto('/user?name=alice');
  const opener = page.getByRole('button', { name: 'The device is lost' });
  await opener.click();
  const dialog = page.getByRole('dialog', { name: 'A device is lost' });
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Make a code for 24 hours' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Sign in with a code');
  service.replies['CreateRecoveryCodes'] = () => ({ body: { RecoveryCodes: ['abcd-efgh-jklm-npqr'], Expiration: ago(-1) } });
  await dialog.getByRole('button', { name: 'Make a code for 24 hours' }).click();
  const shown = page.getByRole('dialog', { name: 'A recovery code for 24 hours' });
  await expect(shown.getByText('abcd-efgh-jklm-npqr')).toBeVisible();
  await expect(shown).toContainText(/It signs in once until .+\./);
  expect(lastAsked(service, 'CreateRecoveryCodes')?.get('ExpiresIn')).toBe('86400');
  expect(lastAsked(service, 'CreateRecoveryCodes')?.get('UserName')).toBe('alice');
  await expectAccessible(page);
  await shown.getByRole('button', { name: 'I have handed it on' }).click();
  await expect(page.getByText('abcd-efgh-jklm-npqr')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'alice' })).toBeFocused();
});

test('the log is filtered and leafed through', async ({ page, service }) => {
  fleet(service, devices(10));
  const events = Array.from({ length: 120 }, (_, index) => event({ Id: 120 - index, Act: index % 3 === 0 ? 'resync' : 'sign-in', Outcome: 'done' }));
  service.replies['ListEvents'] = (parameters) => {
    const before = Number(parameters.get('Before') ?? Infinity);
    return { body: { Events: events.filter(({ Id }) => Number(Id) < before).slice(0, Number(parameters.get('MaxItems'))) } };
  };
  await page.goto('/log');
  await expect(rows(page)).toHaveCount(50);
  const older = page.getByRole('button', { name: 'Older' });
  await older.click();
  await expect(page).toHaveURL('/log?before=71');
  await older.click();
  await expect(rows(page)).toHaveCount(20);
  await expect(older).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Newer' }).click();
  await expect(page).toHaveURL('/log?before=71');
  await page.getByLabel('What').selectOption('resync');
  await page.getByLabel('User').fill('alice');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL('/log?user=alice&act=resync');
  await expect(rows(page)).toHaveCount(40);
  expect(lastAsked(service, 'ListEvents')?.get('UserName')).toBe('alice');
  await expectAccessible(page);
  await expectVisibleFocus(page);
});

for (const [address, heading] of [['/devices', 'No devices yet'], ['/users', 'Nobody here'], ['/log', 'No events like this'], ['/access-keys', 'No access keys'], ['/required', 'No device yet']] as const) {
  test(`${address} without anything to show`, async ({ page, service }) => {
    fleet(service, []);
    service.replies['ListEvents'] = () => ({ body: { Events: [] } });
    service.replies['ListAccessKeys'] = () => ({ body: { AccessKeys: [] } });
    await page.goto(address);
    await expect(page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
    await expectAccessible(page);
  });

  test(`${address} while the service does not answer`, async ({ page, service }) => {
    fleet(service, []);
    for (const action of ['ListDevices', 'ListUserStatuses', 'ListEvents', 'ListAccessKeys', 'GetPolicy']) service.replies[action] = () => 'lost';
    await page.goto(address);
    await expect(page.getByRole('alert')).toContainText('The service did not answer.');
    await expectAccessible(page);
  });
}

/** What was asked last of this kind. */
function lastAsked(service: MadeUp, action: string): URLSearchParams | undefined {
  return service.asked.findLast((asked) => asked.get('Action') === action);
}

async function text(download: import('@playwright/test').Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
