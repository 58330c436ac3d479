// What npm publishes: its manifest, its types and its README.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { runTool, scratchProject, tarball } from './support/project.js';

const project = scratchProject();
const readme = readFileSync(`${project.packageFolder}/README.md`, 'utf8');

test('publint finds nothing', () => {
  assert.match(runTool('publint', ['run', tarball(), '--strict']), /All good!/);
});

test('attw finds nothing for those who import ES modules', () => {
  // The package has no CommonJS: `require` of it is none of its ways, and Node's own since 20.19 loads ES modules.
  // The .wasm files are assets: no types belong to them.
  const assets = ['keyfob.wasm', 'tokens.wasm'];
  runTool('attw', [tarball(), '--profile', 'esm-only', '--exclude-entrypoints', ...assets]);
});

test('the package has no dependency, and nothing that runs when it is installed', () => {
  const { dependencies, peerDependencies, optionalDependencies, scripts, type } = manifest();
  assert.deepEqual([dependencies, peerDependencies, optionalDependencies, scripts], [undefined, undefined, undefined, undefined]);
  assert.equal(type, 'module');
  assert.deepEqual(readdirSync(project.path('node_modules')).filter((name) => !name.startsWith('.')), ['@keyfob']);
});

test('`types` comes first under each condition', () => {
  for (const entry of ['.', './inline', './tokens']) {
    for (const [first] of leaves(manifest().exports[entry])) assert.equal(first, 'types', entry);
  }
});

const examples = [...readme.matchAll(/```js\n(.*?)```/gs)];

for (const [index, [, example]] of examples.entries()) {
  test(`example ${index + 1} of the README prints what it says`, () => {
    const expected = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, printed]) => printed);
    assert.ok(expected.length > 0);
    writeFileSync(project.path('example.js'), example);
    assert.deepEqual(project.node('example.js').trim().split('\n'), expected);
  });
}

test('the README names every export, every error and every reason', () => {
  const types = ['functions.d.ts', 'tokens.d.ts'].map((name) => readFileSync(`${project.packageFolder}/${name}`, 'utf8')).join('\n');
  const names = [...types.matchAll(/^export (?:function|class) (\w+)/gm), ...types.matchAll(/^ *\|? ?'([a-z0-9]+(?:-[a-z0-9]+)+)'/gm)];
  assert.ok(names.length > 40, `${names.length} names`);
  const missing = names.map(([, name]) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(readme));
  assert.deepEqual(missing, []);
});

function manifest() {
  return JSON.parse(readFileSync(`${project.packageFolder}/package.json`, 'utf8'));
}

/** The conditions' names where they lead to files. */
function leaves(conditions) {
  const names = Object.keys(conditions);
  const isLeaf = names.every((name) => typeof conditions[name] === 'string');
  return isLeaf ? [names] : names.flatMap((name) => leaves(conditions[name]));
}
