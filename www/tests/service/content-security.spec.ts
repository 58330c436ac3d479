import { expect, test } from '@playwright/test';
import { ADDRESS } from '../support/host';
import { POLICY } from '../support/policy';

const PAGES = ['sign-in', 'device', 'root', 'users', 'user', 'devices', 'import', 'required', 'log', 'access-keys', 'error', 'nothing'];

test('each page comes with the policy, and has no inline script, no inline style and nothing from elsewhere', async ({ request }) => {
  for (const name of PAGES) {
    const answer = await request.get(`${ADDRESS}/${name}`);
    expect(answer.headers()['content-security-policy']).toBe(POLICY);
    const text = await answer.text();
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
    for (const [, attributes = '', content = ''] of text.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)) {
      expect(attributes).toMatch(/ src="\/assets\//);
      expect(content).toBe('');
    }
    for (const [, address = ''] of text.matchAll(/\s(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^\/[^/]/);
  }
});

test('no text becomes HTML or script: Trusted Types are on, and there is no policy that makes any', async ({ page }) => {
  await page.goto(`${ADDRESS}/sign-in`);
  await expect(page.getByLabel('User name')).toBeVisible();
  const thrown = await page.evaluate(() => {
    const attempts: readonly (() => unknown)[] = [
      () => (document.createElement('div').innerHTML = '<b>text</b>'),
      () => (document.createElement('script').text = 'void 0'),
      () => (globalThis as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } }).trustedTypes.createPolicy('any', {}),
    ];
    return attempts.map((attempt) => {
      try {
        attempt();
        return 'nothing';
      } catch (error) {
        return (error as Error).name;
      }
    });
  });
  expect(thrown).toEqual(['TypeError', 'TypeError', 'TypeError']);
});
