// Every entry of the packed package, as Node, Vite and a page without a bundler import it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'vite';
import { QR_TEXT } from '../checks/tokens-answers.js';
import { launch, resultOf } from './support/browser.js';
import { scratchProject } from './support/project.js';
import { read } from './support/qr.js';
import { POLICY, serve } from './support/server.js';

const ENTRIES = ['default', 'inline', 'tokens'];
const WITHOUT_WASM = POLICY.replace(" 'wasm-unsafe-eval'", '');

const project = scratchProject().withPages();
const browser = await launch();

for (const entry of ENTRIES) {
  test(`Node imports ${entry}`, () => {
    checkResult(entry, JSON.parse(project.node('node.js', entry)));
  });
}

test('a page without a bundler imports each entry under the policy that ships', async (t) => {
  const site = await serve(project.folder);
  for (const entry of ENTRIES) await t.test(entry, () => checkPage(`${site}/plain.html`, entry));
});

test('a page that Vite has built imports each entry under the policy that ships', async (t) => {
  await buildWithVite();
  const site = await serve(project.path('dist'));
  for (const entry of ENTRIES) await t.test(entry, () => checkPage(`${site}/vite.html`, entry));
});

test('without wasm-unsafe-eval each entry says that it can not be started', async (t) => {
  const site = await serve(project.folder, { policy: WITHOUT_WASM });
  for (const entry of ENTRIES) {
    await t.test(entry, async () => {
      const { errors, violations } = await resultOf(browser, `${site}/plain.html?${entry}`);
      assert.match(errors.join(), /KeyfobError: the module can't be started: .*unsafe-eval/s);
      assert.deepEqual(violations, ['script-src wasm-eval']);
    });
  }
});

test('an engine without vectors is given the module without them', async (t) => {
  // A processor without SSE 4.1 has none in V8.
  const without = await launch('--js-flags=--no-enable-sse4-1');
  for (const [engine, module] of [[browser, 'keyfob_simd_bg'], [without, 'keyfob_bg']]) {
    await t.test(module, async () => {
      const fetched = [];
      const site = await serve(project.folder, { routes: noted(fetched) });
      await checkPage(`${site}/plain.html`, 'default', engine);
      assert.deepEqual(fetched, [module]);
    });
  }
});

/** Each module's file is served, and noted. */
function noted(fetched) {
  const routes = ['keyfob_bg', 'keyfob_simd_bg'].map((module) => [
    `/node_modules/@keyfob/wasm/generated/${module}.wasm`,
    () => { fetched.push(module); },
  ]);
  return Object.fromEntries(routes);
}

async function checkPage(page, entry, engine = browser) {
  const { result, violations, errors } = await resultOf(engine, `${page}?${entry}`);
  assert.deepEqual({ violations, errors }, { violations: [], errors: [] });
  checkResult(entry, result);
}

function checkResult(entry, result) {
  if (entry === 'tokens') assert.equal(read(result), QR_TEXT);
}

async function buildWithVite() {
  // A policy that ships forbids `data:`, into which Vite turns what is smaller than its limit.
  const options = { assetsInlineLimit: 0, rolldownOptions: { input: project.path('vite.html') } };
  await build({ root: project.folder, configFile: false, logLevel: 'warn', build: options });
}
