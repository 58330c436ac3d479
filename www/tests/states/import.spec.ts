import { type Page, expect } from '@playwright/test';
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

test('60,000 devices are read in the page, and the page stays light', async ({ page, service }) => {
  await open(page, service);
  await choose(page, seeds(60_000));
  await expect(page.getByRole('button', { name: 'Import 60,000 devices, leave out 2' })).toBeVisible({ timeout: 180_000 });
  expect(await page.locator('tr').count()).toBeLessThan(110);
});
