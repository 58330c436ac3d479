import { readFileSync } from 'node:fs';
import { type Page, expect } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { type MadeUp, test } from '../support/made-up';
import { signedIn } from '../support/people';

test.setTimeout(360_000);

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** A seed file of so many devices, and of two rows that can't be read. */
function seeds(count: number): string {
  const good = Array.from({ length: count }, (_, index) => `${2_308_700_000_000 + index},${secret(index)},TOTP,6,30,Feitian`);
  return ['serial,secret,type,digits,period,manufacturer', ...good, `BAD1,${SECRET},TOTP,99,30,Feitian`, '=BAD2,what?,TOTP,6,30,Feitian', ''].join('\n');
}

function secret(index: number): string {
  const letters = index.toString(2).padStart(16, '0').replaceAll('0', 'A').replaceAll('1', 'B');
  return letters + letters;
}

async function open(page: Page, service: MadeUp): Promise<void> {
  signedIn(service, { UserName: 'admin', Role: 'Administrator' }, []);
  await page.goto('/import');
  await expect(page.getByRole('heading', { name: 'Import', exact: true })).toBeVisible();
}

async function choose(page: Page, text: string, name = 'tokens.csv'): Promise<void> {
  await page.getByLabel('Drop a seed file here, or choose one').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
}

/** Answers imports with these lines; gives the bodies that were sent. */
async function answer(page: Page, ...lines: readonly object[]): Promise<string[]> {
  const sent: string[] = [];
  await page.route('**/import?*', async (route) => {
    sent.push(`${new URL(route.request().url()).search} ${route.request().postData() ?? ''}`);
    await route.fulfill({ contentType: 'application/x-ndjson', body: lines.map((line) => `${JSON.stringify(line)}\n`).join('') });
  });
  return sent;
}

test('what stands in a file is shown before anything is sent', async ({ page, service }) => {
  await open(page, service);
  await expectAccessible(page);
  const sent = await answer(page);
  const asked = service.asked.length;
  await choose(page, seeds(3));
  await expect(page.getByRole('heading', { name: 'What stands in tokens.csv' })).toBeFocused();
  await expect(page.getByText('Nothing has been sent yet.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Devices in the file' }).locator('tbody tr')).toHaveCount(3);
  await expect(page.getByRole('region', { name: 'Rows that cannot be read' }).locator('tbody tr')).toHaveText([/^line 5.*BAD1/, /^line 6/]);
  expect(sent).toEqual([]);
  expect(service.asked.length).toBe(asked);
  expect(await page.content()).not.toContain(secret(1));
  await expectAccessible(page);
});

test('the result has what was imported, skipped and failed, and the failed rows are saved without secrets', async ({ page, service }) => {
  await open(page, service);
  const rejects = [{ Record: 'line 5', SerialNumber: 'BAD1', Reason: 'codes have 6 to 10 digits' }, { Record: 'line 6', SerialNumber: '=BAD2', Reason: 'its secret is not valid' }];
  const sent = await answer(page, { Progress: 500 }, { Result: { Imported: ['1', '2'], Known: 1, Conflicts: [], Rejects: rejects } });
  await choose(page, seeds(3));
  await page.getByRole('button', { name: 'Import 3 devices, leave out 2' }).click();
  await expect(page.getByRole('heading', { name: 'The import is done' })).toBeFocused();
  await expect(page.locator('dl.counts')).toHaveText('Imported2Skipped: known already1Failed2');
  expect(sent).toHaveLength(1);
  expect(sent[0]).toContain('?DryRun=false&SkipRejects=true serial,secret');
  await expectAccessible(page);
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()]);
  const text = readFileSync(await saved.path(), 'utf8');
  expect(text.split('\r\n')).toEqual(['"row","serial number","reason"', '"line 5","BAD1","Codes have 6 to 10 digits."', '"line 6","\'=BAD2","Its secret is not valid."', '']);
  expect(text).not.toContain(SECRET);
});

test('how far the import is', async ({ page, service }) => {
  await open(page, service);
  await choose(page, seeds(4));
  await expect(page.getByRole('button', { name: /^Import 4/ })).toBeVisible();
  // An answer that goes on slowly: lines that come one by one are the service's affair, so that the page's fetch is stood in for.
  await page.evaluate(() => {
    const encoder = new TextEncoder();
    window.fetch = async () => new Response(new ReadableStream({
      start: (stream) => {
        stream.enqueue(encoder.encode('{"Progress":1}\n{"Prog'));
        addEventListener('go-on', () => stream.enqueue(encoder.encode('ress":3}\n')));
        addEventListener('finish', () => {
          stream.enqueue(encoder.encode('{"Result":{"Imported":4,"Known":0,"Conflicts":[],"Rejects":[]}}'));
          stream.close();
        });
      },
    }));
  });
  await page.getByRole('button', { name: /^Import 4/ }).click();
  const bar = page.getByRole('progressbar', { name: 'Importing 4 devices' });
  await expect(bar).toHaveJSProperty('value', 1);
  await expect(bar).toHaveJSProperty('max', 4);
  await page.evaluate(() => dispatchEvent(new Event('go-on')));
  await expect(bar).toHaveJSProperty('value', 3);
  await page.evaluate(() => dispatchEvent(new Event('finish')));
  await expect(page.getByRole('heading', { name: 'The import is done' })).toBeFocused();
});

test('importing again changes nothing, and says so', async ({ page, service }) => {
  await open(page, service);
  await answer(page, { Result: { Imported: 0, Known: 3, Conflicts: [], Rejects: [] } });
  await choose(page, seeds(3).split('\n').slice(0, 4).join('\n'));
  await page.getByRole('button', { name: 'Import 3 devices' }).click();
  await expect(page.getByText('All devices of the file were known already, and are as they were.')).toBeVisible();
});

test('a device that is known with another secret keeps all out, until the others alone are asked for', async ({ page, service }) => {
  await open(page, service);
  const sent = await answer(page, { Result: { Imported: 0, Known: 1, Conflicts: [{ SerialNumber: '2308700000001' }], Rejects: [] } });
  await choose(page, seeds(3).split('\n').slice(0, 4).join('\n'));
  await page.getByRole('button', { name: /^Import 3/ }).click();
  await expect(page.getByRole('heading', { name: 'Nothing was imported' })).toBeFocused();
  await expect(page.getByRole('row', { name: /2308700000001 Known already with another secret/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Import the other 1 device' }).click();
  await expect.poll(() => sent.map((request) => request.split(' ')[0])).toEqual(['?DryRun=false&SkipRejects=false', '?DryRun=false&SkipRejects=true']);
});

test('without the package the service reads the file, and changes nothing', async ({ page, service }) => {
  service.missing.push(/tokens.*\.wasm$/);
  await open(page, service);
  const devices = [{ SerialNumber: '2308700000000', Type: 'TOTP', Algorithm: 'SHA-1', Digits: 6, Period: 30 }];
  const sent = await answer(page, { Result: { Imported: 1, Known: 0, Conflicts: [], Rejects: [], Devices: devices } });
  await choose(page, seeds(1));
  await expect(page.getByText('The service has read the file, and has changed nothing yet.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Devices in the file' }).locator('tbody tr')).toHaveText([/^2308700000000/]);
  expect(sent[0]).toContain('?DryRun=true');
});

test('a file that is no seed file', async ({ page, service }) => {
  await open(page, service);
  await choose(page, 'Dear Sir or Madam,\nenclosed you find our offer.\n');
  await expect(page.getByRole('alert')).toContainText('This file cannot be imported.');
  await expect(page.getByLabel('Drop a seed file here, or choose one')).toBeFocused();
  await expectAccessible(page);
});

test('a file that is dropped is read, too', async ({ page, service }) => {
  await open(page, service);
  const transfer = await page.evaluateHandle((text) => {
    const made = new DataTransfer();
    made.items.add(new File([text], '<b>tokens</b>.csv'));
    return made;
  }, seeds(2));
  await page.locator('.drop').dispatchEvent('drop', { dataTransfer: transfer });
  await expect(page.getByRole('heading', { name: 'What stands in <b>tokens</b>.csv' })).toBeVisible();
});

test('an import that breaks off', async ({ page, service }) => {
  await open(page, service);
  await answer(page, { Progress: 500 });
  await choose(page, seeds(2));
  await page.getByRole('button', { name: /^Import 2/ }).click();
  await expect(page.getByRole('alert')).toContainText('The service did not answer.');
  await expect(page.getByText('Importing the file again does no harm')).toBeVisible();
  await expectAccessible(page);
});

test('60,000 devices are read in the page, and the page stays light', async ({ page, service }) => {
  await open(page, service);
  await choose(page, seeds(60_000));
  await expect(page.getByRole('button', { name: 'Import 60,000 devices, leave out 2' })).toBeVisible({ timeout: 180_000 });
  expect(await page.locator('tr').count()).toBeLessThan(110);
});
