import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type BrowserContext, type Page, type Route, test as base } from '@playwright/test';
import { POLICY, watchPolicy } from './policy';

const DIST = join(import.meta.dirname, '../../dist');
const ORIGIN = 'http://localhost:9';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};

export type Reply = { readonly status?: number; readonly body: unknown } | 'lost';
export type Replies = Record<string, (parameters: URLSearchParams) => Reply>;

/** A service whose answers the test makes up: `replies` by action, or by path for the sign-in. */
export class MadeUp {
  readonly replies: Replies = {};
  /** What was asked, in its order. */
  readonly asked: URLSearchParams[] = [];
  /** Files that are missing. */
  readonly missing: RegExp[] = [];

  async route(route: Route): Promise<void> {
    const request = route.request();
    const { pathname } = new URL(request.url());
    if (request.method() === 'GET') return this.#file(route, pathname);
    const parameters = new URLSearchParams(request.postData() ?? '');
    this.asked.push(parameters);
    const action = parameters.get('Action');
    const reply = this.replies[action ?? pathname]?.(parameters) ?? notSignedIn();
    if (reply === 'lost') return route.abort('connectionreset');
    const body = action && (reply.status ?? 200) < 400 ? { [`${action}Response`]: { [`${action}Result`]: reply.body } } : reply.body;
    return route.fulfill({ status: reply.status ?? 200, contentType: 'application/json', body: JSON.stringify(body) });
  }

  #file(route: Route, pathname: string): Promise<void> {
    if (this.missing.some((pattern) => pattern.test(pathname))) return route.fulfill({ status: 404, body: '' });
    const name = extname(pathname) === '' ? `${pathname}.html` : pathname;
    const headers = { 'Content-Security-Policy': POLICY };
    try {
      return route.fulfill({ headers, contentType: TYPES[extname(name)] ?? '', body: readFileSync(join(DIST, name)) });
    } catch {
      return route.fulfill({ status: 404, headers, contentType: 'text/html', body: readFileSync(join(DIST, '404.html')) });
    }
  }
}

export function refused(code: string, reason?: string, more: object = {}, status = 403): Reply {
  return { status, body: { Error: { Type: 'Sender', Code: code, Message: `The service says ${code}.`, Reason: reason, ...more }, RequestId: 'r' } };
}

export function notSignedIn(): Reply {
  return refused('NotSignedIn');
}

export const test = base.extend<{ service: MadeUp }>({
  baseURL: ORIGIN,
  service: async ({ context, page }: { context: BrowserContext; page: Page }, use) => {
    const service = new MadeUp();
    await context.route('**/*', (route) => service.route(route));
    const check = watchPolicy(page, ORIGIN);
    await use(service);
    // What is still asked for at the end may go unanswered.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    await check();
  },
});

export { expect } from '@playwright/test';
