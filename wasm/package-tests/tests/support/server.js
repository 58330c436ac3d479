import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { once } from 'node:events';
import { after } from 'node:test';

/** What ships, word for word. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/**
 * Serves a folder on loopback until the file's tests are over, and returns its address.
 * `routes` holds answers to paths that are no files: each gives `{ status, type, body }`, or `undefined` for the file.
 */
export async function serve(folder, { policy = POLICY, routes = {} } = {}) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const { status, type, body } = (await routes[pathname]?.()) ?? (await file(folder, pathname));
    response.writeHead(status, { 'Content-Type': type, 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' });
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

async function file(folder, pathname) {
  try {
    const body = await readFile(join(folder, normalize(pathname)));
    return { status: 200, type: TYPES[extname(pathname)] ?? 'text/plain', body };
  } catch {
    return { status: 404, type: 'text/plain', body: 'not found' };
  }
}
