import { chromium } from 'playwright-core';
import { after } from 'node:test';

const FLAGS = [
  // A test machine's user may be root.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium, closed after the file's tests. */
export async function launch() {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  after(() => browser.close());
  return browser;
}

/** Opens a page, whose script leaves a promise in `globalThis.result`; returns that, what the policy blocked and what failed. */
export async function resultOf(browser, url) {
  const page = await browser.newPage();
  const errors = [];
  const note = (error) => { errors.push(String(error).split('\n    at', 1)[0]); };
  page.on('pageerror', note);
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      globalThis.violations.push(`${violatedDirective} ${blockedURI}`));
  });
  await page.goto(url, { waitUntil: 'load' });
  const result = await page.evaluate(() => globalThis.result).catch(note);
  const violations = await page.evaluate(() => globalThis.violations);
  await page.close();
  return { result, violations, errors };
}
