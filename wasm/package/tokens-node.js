import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { start } from './tokens-api.js';

export { KeyfobError } from './error.js';
export { qrCode, SeedFile } from './tokens-api.js';

const file = new URL('./generated/tokens_bg.wasm', import.meta.url);

/** Reads the .wasm beside this file, or takes it from `source`. */
export async function init(source) {
  await start.from(() => source ?? readFile(file));
}

/** Starts at once from the .wasm beside this file, or from bytes or a Module. */
export function initSync(source) {
  start.fromSync(() => source ?? readFileSync(file));
}

export default init;
