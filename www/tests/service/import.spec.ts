import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { newAccount, newToken, onHost } from '../support/host';
import { expect, signIn, test } from '../support/served';

test.setTimeout(360_000);

const HEAD = 'serial,secret,type,digits,period';

/** Rows of so many devices whose serial numbers begin with this. */
function rows(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index).padStart(6, '0');
    return `${prefix}${number},${secretOf(`${prefix}${number}`)},TOTP,6,30`;
  });
}

function secretOf(serial: string): string {
  return Buffer.from(serial.padEnd(20, '#')).toString('hex');
}

/** What no other test's devices begin with. */
function prefix(): string {
  return newToken().serial;
}

async function open(page: Page): Promise<void> {
  await signIn(page, newAccount('sudo'));
  await page.goto('/import');
}

async function choose(page: Page, lines: readonly string[]): Promise<void> {
  const buffer = Buffer.from(`${lines.join('\n')}\n`);
  await page.getByLabel('Drop a seed file here, or choose one').setInputFiles({ name: 'tokens.csv', mimeType: 'text/csv', buffer });
}

const counts = (page: Page) => page.locator('dl.counts');

test('a file is imported, its bad rows are saved, and importing it again changes nothing', async ({ page }) => {
  const name = prefix();
  const lines = [HEAD, ...rows(name, 3), `${name}BAD,${'ab'.repeat(20)},TOTP,99,30`];
  await open(page);
  await choose(page, lines);
  await expect(page.getByRole('region', { name: 'Devices in the file' }).locator('tbody tr')).toHaveCount(3);
  expect(await page.content()).not.toContain(secretOf(`${name}000000`));
  expect(onHost(['keyfob', 'device', 'list'])).not.toContain(`${name}000000`);
  await page.getByRole('button', { name: 'Import 3 devices, leave out 1' }).click();
  await expect(counts(page)).toHaveText('Imported3Skipped: known already0Failed1');
  await expect(page.getByRole('row', { name: new RegExp(`line 5 ${name}BAD`) })).toBeVisible();
  expect(onHost(['keyfob', 'device', 'list'])).toContain(`${name}000002`);
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()]);
  const text = readFileSync(await saved.path(), 'utf8');
  expect(text).toContain(`"line 5","${name}BAD"`);
  expect(text).not.toContain('abab');
  await page.getByRole('button', { name: 'Import another file' }).click();
  await choose(page, lines.slice(0, 4));
  await page.getByRole('button', { name: 'Import 3 devices' }).click();
  await expect(counts(page)).toHaveText('Imported0Skipped: known already3Failed0');
  await page.goto(`/devices?find=${name}`);
  await expect(page.locator('tbody tr')).toHaveCount(4);
});

test('a device that is known with another secret keeps all out, until the others alone are asked for', async ({ page }) => {
  const name = prefix();
  await open(page);
  await choose(page, [HEAD, ...rows(name, 1)]);
  await page.getByRole('button', { name: 'Import 1 device' }).click();
  await expect(counts(page)).toContainText('Imported1');
  await page.getByRole('button', { name: 'Import another file' }).click();
  await choose(page, [HEAD, `${name}000000,${'00'.repeat(20)},TOTP,6,30`, ...rows(name, 3).slice(1)]);
  await page.getByRole('button', { name: 'Import 3 devices' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing was imported' })).toBeFocused();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Import the other 2 devices' }).click();
  await expect(counts(page)).toHaveText('Imported2Skipped: known already0Failed1');
});

test('a device whose seed file says that it has expired is pointed out, and stays', async ({ page }) => {
  const serial = `${prefix()}E`;
  const secret = Buffer.from(serial.padEnd(20, '#')).toString('base64');
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc"><KeyPackage>',
    `<DeviceInfo><SerialNo>${serial}</SerialNo><ExpiryDate>2020-06-30T00:00:00Z</ExpiryDate></DeviceInfo>`,
    `<Key Id="${serial}" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:totp">`,
    '<AlgorithmParameters><ResponseFormat Length="6" Encoding="DECIMAL"/></AlgorithmParameters>',
    `<Data><Secret><PlainValue>${secret}</PlainValue></Secret></Data></Key></KeyPackage></KeyContainer>`,
  ];
  await open(page);
  await choose(page, lines);
  await page.getByRole('button', { name: 'Import 1 device' }).click();
  await expect(counts(page)).toHaveText('Imported1Skipped: known already0Failed0');
  await page.goto('/devices');
  await page.getByLabel('Show').selectOption('expiring');
  await page.getByLabel('Serial number, user, maker or model').fill(serial);
  await expect(page.getByRole('row', { name: 'Expired' })).toBeVisible();
  await page.getByRole('row', { name: 'Expired' }).getByRole('link').first().click();
  await expect(page.getByText('Its maker does not warrant it any more')).toBeVisible();
});

test('without the package the service previews the file, and imports nothing', async ({ page }) => {
  const name = prefix();
  await page.route('**/tokens*.wasm', (route) => route.abort());
  await open(page);
  await choose(page, [HEAD, ...rows(name, 2)]);
  await expect(page.getByText('The service has read the file, and has changed nothing yet.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Devices in the file' }).locator('tbody tr')).toHaveCount(2);
  expect(onHost(['keyfob', 'device', 'list'])).not.toContain(`${name}000000`);
});

test('a file that is dropped is read in the page, and nothing is sent', async ({ page }) => {
  const name = prefix();
  await open(page);
  const sent: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
  const transfer = await page.evaluateHandle((text) => {
    const made = new DataTransfer();
    made.items.add(new File([text], '<b>tokens</b>.csv'));
    return made;
  }, [HEAD, ...rows(name, 2)].join('\n'));
  await page.locator('.drop').dispatchEvent('drop', { dataTransfer: transfer });
  await expect(page.getByRole('heading', { name: 'What stands in <b>tokens</b>.csv' })).toBeFocused();
  await expect(page.getByText('Nothing has been sent yet.')).toBeVisible();
  expect(sent).toEqual([]);
  await page.getByRole('button', { name: 'Import 2 devices' }).click();
  await expect(counts(page)).toHaveText('Imported2Skipped: known already0Failed0');
});

test('a file that is no seed file is said to be none', async ({ page }) => {
  await open(page);
  await choose(page, ['Dear Sir or Madam,', 'enclosed you find our offer.']);
  await expect(page.getByRole('alert')).toContainText('This file cannot be imported.');
  await expect(page.getByLabel('Drop a seed file here, or choose one')).toBeFocused();
});

test('an import that breaks off is done again without harm', async ({ page }) => {
  const name = prefix();
  await open(page);
  await choose(page, [HEAD, ...rows(name, 2)]);
  await page.route('**/import?*', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  await page.getByRole('button', { name: 'Import 2 devices' }).click();
  await expect(page.getByRole('alert')).toContainText('The service did not answer.');
  await expect(page.getByText('Importing the file again does no harm')).toBeVisible();
  await page.unroute('**/import?*');
  await page.getByRole('button', { name: 'Choose the file again' }).click();
  await choose(page, [HEAD, ...rows(name, 2)]);
  await page.getByRole('button', { name: 'Import 2 devices' }).click();
  await expect(counts(page)).toHaveText('Imported0Skipped: known already2Failed0');
});

/** Keeps what each bar of the page says from now on. */
async function watchBar(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: number[] = [];
    new MutationObserver((changes) => {
      for (const { target } of changes) if (target instanceof HTMLProgressElement) seen.push(target.value);
    }).observe(document.body, { subtree: true, attributeFilter: ['value'] });
    Object.assign(window, { seen });
  });
}

function barValues(page: Page): Promise<number[]> {
  return page.evaluate(() => (window as unknown as { seen: number[] }).seen);
}

test('a file of 50 MB with 10,000 devices is previewed and imported, and the list of them stays quick', async ({ page }) => {
  const name = prefix();
  // Spaces at a line's end are no part of its last field.
  const lines = [HEAD, ...rows(name, 10_000).map((row) => row.padEnd(5000))];
  const path = test.info().outputPath('tokens.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  await open(page);
  await page.getByLabel('Drop a seed file here, or choose one').setInputFiles(path);
  await expect(page.getByText('The file was read in this page. Nothing has been sent yet.')).toBeVisible({ timeout: 180_000 });
  await expect(page.getByRole('region', { name: 'Devices in the file' }).locator('tbody tr')).toHaveCount(100);
  await watchBar(page);
  await page.getByRole('button', { name: 'Import 10,000 devices' }).click();
  await expect(page.getByRole('progressbar', { name: 'Importing 10,000 devices' })).toBeVisible();
  await expect(counts(page)).toHaveText('Imported10,000Skipped: known already0Failed0', { timeout: 180_000 });
  const seen = await barValues(page);
  expect(seen.length).toBeGreaterThan(1);
  expect(seen).toEqual([...new Set(seen)].sort((one, another) => one - another));
  expect(seen.every((value) => value > 0 && value <= 10_000)).toBe(true);
  await page.goto('/devices?show=free');
  await page.getByLabel('Serial number, user, maker or model').fill(`${name}007`);
  await expect(page.getByText('1–100 of 1,000 devices')).toBeVisible();
  expect(await page.locator('tr').count()).toBeLessThan(110);
});

test('a file of 50 MB is previewed by the service where the package is missing', async ({ page }) => {
  const name = prefix();
  await page.route('**/tokens*.wasm', (route) => route.abort());
  const path = test.info().outputPath('tokens.csv');
  writeFileSync(path, `${[HEAD, ...rows(name, 10_000).map((row) => row.padEnd(5000))].join('\n')}\n`);
  await open(page);
  await page.getByLabel('Drop a seed file here, or choose one').setInputFiles(path);
  await expect(page.getByText('The service has read the file, and has changed nothing yet.')).toBeVisible({ timeout: 180_000 });
  await expect(page.getByRole('heading', { name: 'The first 1,000 devices in the file' })).toBeVisible();
});
