// Whatever is passed to the packed package, and however its start fails: a typed error, and right answers afterwards.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { launch, resultOf } from './support/browser.js';
import { scratchProject } from './support/project.js';
import { serve } from './support/server.js';

const OWN = '/node_modules/@keyfob/wasm/generated';
/** The check would be empty if fewer were tried. */
const LEAST_TRIED = 1000;

const project = scratchProject().withPages();
const wasm = readFileSync(`${project.packageFolder}/generated/keyfob_bg.wasm`);
const browser = await launch();

test('Node refuses bad input by typed errors', () => {
  assert.ok(Number(project.node('bad-input-node.js')) > LEAST_TRIED);
});

test('Chromium refuses bad input by typed errors', async () => {
  const site = await serve(project.folder);
  assert.ok((await clean(`${site}/bad-input.html`)) > LEAST_TRIED);
});

test('in Node a start that failed can be tried again', () => {
  for (const source of ['own', 'bytes', 'module']) project.node('starts-node.js', source);
});

test('in Chromium a start that failed can be tried again', async (t) => {
  for (const source of ['own', 'text', 'parameter', 'capitals']) {
    await t.test(source, async () => {
      const site = await serve(project.folder, { routes: brokenOnce() });
      await clean(`${site}/starts.html?${source}`);
    });
  }
});

test('two copies of different versions on one page do not touch each other', async () => {
  copyAsOtherVersion();
  const site = await serve(project.folder);
  assert.deepEqual(await clean(`${site}/two-copies.html`), ['GALT-1030', false]);
});

async function clean(page) {
  const { result, violations, errors } = await resultOf(browser, page);
  assert.deepEqual({ violations, errors }, { violations: [], errors: [] });
  return result;
}

/** The package's own .wasm is missing at first; other addresses are broken for good, or have another MIME type. */
function brokenOnce() {
  const ok = (type, body) => () => ({ status: 200, type, body });
  return {
    [`${OWN}/keyfob_bg.wasm`]: missingAtFirst(),
    [`${OWN}/keyfob_simd_bg.wasm`]: missingAtFirst(),
    '/page.wasm': ok('text/html', '<!doctype html>'),
    '/broken.wasm': ok('application/wasm', 'broken'),
    '/cut-short.wasm': ok('application/wasm', wasm.subarray(0, wasm.length / 2)),
    '/text.wasm': ok('text/plain', wasm),
    '/parameter.wasm': ok('application/wasm; charset=utf-8', wasm),
    '/capitals.wasm': ok('Application/WASM', wasm),
  };
}

function missingAtFirst() {
  let asked = false;
  return () => {
    const first = !asked;
    asked = true;
    return first ? { status: 404, type: 'text/plain', body: 'not found' } : undefined;
  };
}

function copyAsOtherVersion() {
  const other = project.path('node_modules/@keyfob/other');
  cpSync(project.packageFolder, other, { recursive: true });
  const manifest = JSON.parse(readFileSync(`${other}/package.json`, 'utf8'));
  writeFileSync(`${other}/package.json`, JSON.stringify({ ...manifest, version: '0.0.1' }));
}
