// node src/main.js FILE [ROUNDS]: measures in Node and in Chromium, and writes the figures to FILE as JSON.

import { readFile, writeFile } from 'node:fs/promises';
import { inChromium } from './chromium.js';
import { run } from './run.js';

const [file, rounds = '41'] = process.argv.slice(2);
const packages = ['@keyfob/wasm', 'otpauth', 'otplib', 'speakeasy', '@oslojs/otp'];

const version = async (name) => {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return { name, version: JSON.parse(await readFile(manifest, 'utf8')).version };
};

const engines = [{ engine: `Node ${process.versions.node}`, cells: run(Number(rounds)) }, await inChromium(Number(rounds))];
const versions = await Promise.all(packages.map(version));
await writeFile(file, JSON.stringify({ rounds: Number(rounds), versions, engines }, undefined, 1));
