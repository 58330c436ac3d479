import { type Page, expect } from '@playwright/test';

/** What ships, word for word. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** Collects what the policy blocks, what fails in the page and what it loads from elsewhere; the function that it returns expects that to be nothing. */
export function watchPolicy(page: Page, origin: string): () => Promise<void> {
  const found: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    // Files to be saved are made in the page.
    if (!url.startsWith(`${origin}/`) && !url.startsWith(`blob:${origin}/`)) found.push(`${request.method()} ${url}`);
  });
  page.on('pageerror', (error) => found.push(String(error)));
  page.on('console', (message) => {
    if (/content security policy|trusted ?type/i.test(message.text())) found.push(message.text());
  });
  return async () => expect(found).toEqual([]);
}
