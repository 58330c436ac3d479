import { expect } from '@playwright/test';
import type { Device, DeviceWithHistory, Event, UserStatus } from '../../src/actions';
import { type MadeUp, test } from '../support/made-up';
import { device, event, signedIn, status } from '../support/people';
import { picture } from '../support/pictures';

test.setTimeout(360_000);

const DAY = 86_400_000;
const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'عبد الرحمن', 'grace'];
const NO_FAILURES = { Failures: 0, ThrottledUntil: null, Locked: false };

function ago(days: number): string {
  return new Date(Date.now() - days * DAY).toISOString();
}

/** Two boxes of tokens, most of them given out; one was not used for long, one is old. */
const DEVICES: readonly Device[] = Array.from({ length: 2430 }, (_, index) => {
  const owner = index % 5 === 2 ? null : (NAMES[index] ?? `user${index}`);
  return device({
    SerialNumber: String(2_308_700_001_230 + index * 7),
    Type: index % 11 === 1 ? 'HOTP' : 'TOTP',
    Period: index % 11 === 1 ? null : 30,
    Model: index % 2 === 0 ? 'c200' : 'c100',
    UserName: owner,
    EnableDate: owner && ago(170),
    Imported: ago(index === 4 ? 1700 : 200),
    LastUsed: owner && ago(index === 3 ? 140 : (index % 9) + 0.2),
    Drift: (index % 3) - 1,
    DriftSeconds: ((index % 3) - 1) * 34,
  });
});

const HISTORY = [[160, -14], [150, -12], [141, -5], [120, -2], [101, 3], [85, 9], [66, 12], [50, 19], [30, 24], [14, 31], [3, 34]] as const;

const USERS: readonly UserStatus[] = NAMES.map((UserName, index) => status({
  UserName,
  SerialNumbers: DEVICES.filter((device) => device.UserName === UserName).map(({ SerialNumber }) => SerialNumber),
  IsRequired: index !== 5,
  RequiredFrom: index === 5 ? null : ago(-7),
  Groups: ['staff', index % 2 === 0 ? 'operations' : 'finance'],
  RecoveryCodesLeft: (index * 3) % 9,
  SignIn: index === 4 ? { Failures: 100, ThrottledUntil: null, Locked: true } : index === 1 ? { ...NO_FAILURES, Failures: 2 } : NO_FAILURES,
}));

const EVENTS: readonly Event[] = ([
  ['sign-in', 'alice', 'pam:sshd', '192.0.2.7', 'done', null],
  ['sign-in', 'erin', 'pam:sshd', '198.51.100.23', 'refused', 'wrong-code'],
  ['associate', 'grace', 'service:admin', '192.0.2.30', 'done', null],
  ['sign-in', 'bob', 'pam:sudo', null, 'refused', 'already-used'],
  ['sign-in', 'bob', 'pam:sudo', null, 'done', null],
  ['resync', 'dave', 'pam:sshd', '192.0.2.12', 'done', null],
  ['create-recovery-codes', 'alice', 'service:alice', '192.0.2.7', 'done', null],
  ['unlock-user', 'frank', 'command-line', null, 'done', null],
  ['import-device', null, 'service:admin', '192.0.2.30', 'done', null],
] as const).map(([Act, UserName, Door, Remote, Outcome, Reason], index) => {
  const SerialNumber = index === 6 || index === 7 ? null : (DEVICES.find((device) => device.UserName === UserName) ?? DEVICES[index])?.SerialNumber;
  return event({ Id: 900 - index, Time: ago(index / 30), Act, UserName, SerialNumber: SerialNumber ?? null, Door, Remote, Outcome, Reason });
});

function administrator(service: MadeUp): void {
  const first: DeviceWithHistory = { ...(DEVICES[0] as Device), Drift: 1, DriftSeconds: 34, DriftHistory: HISTORY.map(([days, seconds]) => ({ Time: ago(days), Drift: Math.trunc(seconds / 30), DriftSeconds: seconds })) };
  signedIn(service, { UserName: 'admin', Role: 'Administrator' }, [first]);
  service.replies['ListDevices'] = (parameters) => {
    const start = Number(parameters.get('Marker') ?? 0);
    return { body: { Devices: DEVICES.slice(start, start + 1000), IsTruncated: start + 1000 < DEVICES.length, Marker: String(start + 1000) } };
  };
  service.replies['ListUserStatuses'] = () => ({ body: { Users: USERS, IsTruncated: false } });
  service.replies['GetPolicy'] = () => ({ body: { SignIn: { TotpSteps: 1, Required: 'everybody', RequiredFrom: ago(-7), ExemptGroup: 'robots' }, Association: { TotpSeconds: 43_200 } } });
  service.replies['ListEvents'] = () => ({ body: { Events: EVENTS } });
  service.replies['ListAccessKeys'] = () => ({ body: { AccessKeys: [{ AccessKeyId: 'AKIAABCDEFGHIJKLMNOP', UserName: 'alice', Created: ago(3) }, { AccessKeyId: 'AKIAQRSTUVWXYZ234567', UserName: 'ci-runner', Created: ago(40) }] } });
  service.replies['FindDevice'] = () => ({ body: { SerialNumbers: ['2308700001251'] } });
}

for (const [name, address, shown] of [
  ['devices', '/devices', 'of 2,430 devices'],
  ['device', '/devices?serial=2308700001230', 'Its clock'],
  ['users', '/users', '8 users'],
  ['required', '/required', 'users have a device'],
  ['log', '/log', '9 events'],
  ['access-keys', '/access-keys', 'How to make one'],
  ['import', '/import', 'Drop a seed file here'],
] as const) {
  test(name, async ({ page, service }) => {
    administrator(service);
    await page.goto(address);
    await expect(page.getByText(shown).first()).toBeVisible();
    await picture(page, name);
  });
}

test('an import', async ({ page, service }) => {
  administrator(service);
  await page.goto('/import');
  const rows = Array.from({ length: 240 }, (_, index) => `${2_308_700_009_000 + index},${'ABCDEFGHIJKLMNOP'.repeat(2)},TOTP,${index === 77 ? 12 : 6},30,Feitian,c200`);
  const buffer = Buffer.from(['serial,secret,type,digits,period,manufacturer,model', ...rows, '2308700009990,what?,TOTP,6,30,Feitian,c200'].join('\n'));
  await page.getByLabel('Drop a seed file here, or choose one').setInputFiles({ name: 'order-4711.csv', mimeType: 'text/csv', buffer });
  await expect(page.getByText('239 devices, sorted')).toBeVisible();
  await picture(page, 'import-preview');
  const rejects = [{ Record: 'line 79', SerialNumber: '2308700009077', Reason: 'codes of 12 digits are not supported: 6 to 10 are' }, { Record: 'line 242', SerialNumber: '2308700009990', Reason: 'its secret is not valid hexadecimal or base32' }];
  const result = JSON.stringify({ Result: { Imported: 200, Known: 39, Conflicts: [], Rejects: rejects } });
  await page.route('**/import?*', (route) => route.fulfill({ contentType: 'application/x-ndjson', body: `${result}\n` }));
  await page.getByRole('button', { name: 'Import 239 devices, leave out 2' }).click();
  await expect(page.getByText('The import is done')).toBeVisible();
  await picture(page, 'import-result');
});

test('a device found by its codes', async ({ page, service }) => {
  administrator(service);
  await page.goto('/devices');
  await page.getByRole('button', { name: 'Find by its codes' }).click();
  await page.getByLabel('Authentication Code 1').fill('492039');
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  await expect(page.getByText('1 device shows this:')).toBeVisible();
  await picture(page, 'find-by-codes');
});
