import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { start } from './api.js';
import { hasVectors } from './vectors.js';

export * from './functions.js';

const name = hasVectors() ? 'keyfob_simd_bg' : 'keyfob_bg';
const file = new URL(`./generated/${name}.wasm`, import.meta.url);

/** Reads the .wasm beside this file, or takes it from `source`. */
export async function init(source) {
  await start.from(() => source ?? readFile(file));
}

/** Starts at once from the .wasm beside this file, or from bytes or a Module. */
export function initSync(source) {
  start.fromSync(() => source ?? readFileSync(file));
}

export default init;
