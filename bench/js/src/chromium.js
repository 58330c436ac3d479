import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { build } from 'esbuild';
import { nodeModulesPolyfillPlugin } from 'esbuild-plugins-node-modules-polyfill';
import { chromium } from 'playwright-core';
import { FLAGS } from '../../../wasm/package-tests/tests/support/flags.js';

const PACKAGE = new URL('../node_modules/@keyfob/wasm/', import.meta.url);
const TYPES = { js: 'text/javascript', wasm: 'application/wasm' };
const PAGE = `<!doctype html><meta charset="utf-8"><title>Benchmark</title>
<script type="importmap">{"imports":{"@keyfob/wasm":"/keyfob/index.js"}}</script>
<script type="module">import { run } from '/bundle.js'; globalThis.run = run;</script>`;

/** The figures of one run in Debian's Chromium, and its version. */
export async function inChromium(rounds) {
  const server = createServer(answer(await bundled()));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => 'run' in globalThis);
    const cells = await page.evaluate((rounds) => globalThis.run(rounds), rounds);
    return { engine: `Chromium ${browser.version()}`, cells };
  } finally {
    await browser.close();
    server.close();
  }
}

/** The peers as a bundler packs them. Ours is loaded as it is installed, by the import map. */
async function bundled() {
  const { outputFiles } = await build({
    entryPoints: [new URL('run.js', import.meta.url).pathname],
    bundle: true,
    format: 'esm',
    minify: true,
    write: false,
    logLevel: 'error',
    external: ['@keyfob/wasm'],
    plugins: [nodeModulesPolyfillPlugin({ globals: { Buffer: true, process: true } })],
  });
  return outputFiles[0].contents;
}

const answer = (bundle) => async (request, response) => {
  try {
    const { type, body } = await file(request.url, bundle);
    response.writeHead(200, { 'content-type': type }).end(body);
  } catch {
    response.writeHead(404).end();
  }
};

async function file(path, bundle) {
  if (path === '/') return { type: 'text/html', body: PAGE };
  if (path === '/bundle.js') return { type: TYPES.js, body: bundle };
  const body = await readFile(new URL(path.replace(/^\/keyfob\//, ''), PACKAGE));
  return { type: TYPES[path.split('.').at(-1)], body };
}
