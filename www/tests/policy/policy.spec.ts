import type { Page } from '@playwright/test';
import { expectAccessible, expectNoViolation } from '../support/accessibility';
import { enable, newAccount, newToken, onHost } from '../support/host';
import { expect, giveCode, givePassword, passNotices, signIn, test } from '../support/served';

const POLICY = '/etc/keyfob/keyfob.toml';
let before = '';

test.beforeAll(() => {
  before = onHost(['cat', POLICY]);
});

test.afterEach(() => write(before));

/** In one step: the daemon reads it at any time. */
function write(text: string): void {
  onHost(['sh', '-c', 'cat > "$1.new" && chmod --reference="$1" "$1.new" && mv "$1.new" "$1"', 'sh', POLICY], text);
}

async function giveWrongCode(page: Page): Promise<void> {
  // The alert of the try before may still be there.
  await Promise.all([page.waitForResponse('**/sign-in/code'), giveCode(page, '000000')]);
  await expect(page.getByRole('alert')).toBeVisible();
}

test('an account is locked after as many wrong codes as the policy says, and opens when an administrator unlocks it', async ({ page }) => {
  const [user, token] = [newAccount(), newToken()];
  enable(user, token);
  write(`${before}\n[throttle]\nfree_failures = 4\ndelay_seconds = 0\nmax_failures = 5\n`);
  await givePassword(page, user);
  for (let tries = 0; tries < 5; tries += 1) await giveWrongCode(page);
  await giveCode(page, token.code());
  await expect(page.getByRole('alert')).toContainText('This account is locked after too many wrong tries. An administrator has to unlock it.');
  await givePassword(page, user);
  await expect(page.getByRole('heading', { name: 'Your account is locked' })).toBeFocused();
  await expect(page.getByText('An administrator has to unlock it.')).toBeVisible();
  await expectAccessible(page);
  onHost(['keyfob', 'user', 'unlock', user]);
  await page.getByRole('button', { name: 'Try again' }).click();
  await givePassword(page, user);
  await giveCode(page, token.code());
  await passNotices(page);
});

test('after wrong codes the page says how long to wait, and codes are not evaluated until then', async ({ page }) => {
  test.setTimeout(360_000);
  const [user, token] = [newAccount(), newToken()];
  enable(user, token);
  write(`${before}\n[throttle]\nfree_failures = 1\ndelay_seconds = 600\n`);
  await givePassword(page, user);
  for (let tries = 0; tries < 3; tries += 1) await giveWrongCode(page);
  await expect(page.getByRole('alert')).toContainText(/You can try again after [\d:]+/);
  await givePassword(page, user);
  await expect(page.getByRole('heading', { name: 'Please wait' })).toBeFocused();
  await expect(page.getByText(/You can try again after [\d:]+/)).toBeVisible();
  await expectAccessible(page);
});

test('who has no device yet is shown by group, and from which date one is required', async ({ page }) => {
  const group = `g${process.pid}`;
  onHost(['groupadd', group]);
  const [administrator, user, other, token] = [newAccount('sudo'), newAccount(group), newAccount(group, 'games'), newToken()];
  await signIn(page, administrator);
  await page.goto('/required');
  await expect(page.getByText('No device is required of anybody that Keyfob knows.')).toBeVisible();
  for (const name of [user, other]) onHost(['keyfob', 'user', 'add', name]);
  write(`${before}\n[sign_in]\nrequired = "group:${group}"\nrequired_from = 2199-01-01\n`);
  const rows = page.locator('tbody tr');
  await page.reload();
  await expect(page.getByText(`Members of the group ${group}`)).toBeVisible();
  await expect(page.getByText(/2199.*until then the password alone lets them in/)).toBeVisible();
  await expect(rows).toHaveCount(2);
  await page.getByLabel('Group').selectOption('games');
  await expect(rows).toHaveText([new RegExp(`^${other}.*games.*2199`)]);
  enable(other, token);
  await page.goto('/required');
  await expect(rows).toHaveText([new RegExp(`^${user}`)]);
  await expectAccessible(page);
});

test('a session that is not used warns before it ends, is put off, and ends', async ({ page }) => {
  test.setTimeout(360_000);
  write(before.replace('[service]', '[service]\nsession_idle_minutes = 1'));
  const user = newAccount();
  await signIn(page, user);
  await page.goto('/device');
  const dialog = page.getByRole('dialog', { name: 'Are you still there?' });
  await expect(dialog).toContainText(/You will be signed out in \d+ seconds?, since nothing has happened for a while\./, { timeout: 60_000 });
  await expect(dialog.getByRole('button', { name: 'Stay signed in' })).toBeFocused();
  await expectNoViolation(page);
  await dialog.getByRole('button', { name: 'Stay signed in' }).click();
  await expect(dialog).toBeHidden();
  // The same session goes on, and past the minute that it had at first.
  await expect(dialog).toBeVisible({ timeout: 60_000 });
  await expect(page).toHaveURL('/sign-in?next=%2Fdevice', { timeout: 60_000 });
  await expect(page.getByLabel('User name')).toBeVisible();
});

test('a session that is used in another tab does not end in this one', async ({ page, context }) => {
  test.setTimeout(360_000);
  write(before.replace('[service]', '[service]\nsession_idle_minutes = 1'));
  await signIn(page, newAccount());
  await page.getByRole('button', { name: 'Associate a device' }).click();
  const dialog = page.getByRole('dialog', { name: 'Are you still there?' });
  const tab = await context.newPage();
  // In a tab that nobody sees Chromium lets timers run once a minute.
  await page.bringToFront();
  await expect(dialog).toBeVisible({ timeout: 60_000 });
  await tab.goto('/device');
  await expect(tab.getByRole('heading', { name: 'No device yet' })).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel('Hardware MFA device')).toBeVisible();
});
