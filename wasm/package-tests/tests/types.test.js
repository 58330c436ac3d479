// The package's types, as a page and as a Node program compile against them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runTool, scratchProject } from './support/project.js';

const STRICT = ['--strict', '--noEmit', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--target', 'es2024'];
const PAGE = ['--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2024,dom', '--types', ''];
const NODE = ['--module', 'nodenext', '--moduleResolution', 'nodenext', '--lib', 'es2024', '--types', 'node'];

const project = scratchProject().withTypes();

for (const [place, options] of Object.entries({ 'a page': PAGE, 'a Node program': NODE })) {
  test(`${place} compiles with every export`, () => compile('usage.ts', options));
  test(`${place} that misuses them is refused`, () => compile('misuse.ts', options));
}

test('every export is used', () => {
  const usage = readFileSync(project.path('usage.ts'), 'utf8');
  const types = ['functions', 'index', 'inline', 'tokens'].map((name) => readFileSync(`${project.packageFolder}/${name}.d.ts`, 'utf8'));
  const names = [...types.join('\n').matchAll(/^export (?:function|class|interface|type) (\w+)/gm)].map(([, name]) => name);
  assert.ok(names.length > 40, `${names.length} names`);
  assert.deepEqual(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(usage)), []);
});

function compile(file, options) {
  runTool('tsc', [...STRICT, ...options, file], project.folder);
}
