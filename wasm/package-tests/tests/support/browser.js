import { chromium } from 'playwright-core';
import { after } from 'node:test';
import { FLAGS } from './flags.js';

/** Debian's Chromium, closed after the file's tests. */
export async function launch(...flags) {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...FLAGS, ...flags] });
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
