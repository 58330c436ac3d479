import { start } from './api.js';
import { KeyfobError } from './error.js';
import { hasVectors } from './vectors.js';

export * from './functions.js';

/** Fetches the .wasm beside this file, or takes it from `source`. */
export async function init(source) {
  await start.from(() => source ?? own());
}

/** Each is written out, as bundlers look for it. */
function own() {
  if (hasVectors()) return new URL('./generated/keyfob_simd_bg.wasm', import.meta.url);
  return new URL('./generated/keyfob_bg.wasm', import.meta.url);
}

/** Starts at once from bytes or a Module. */
export function initSync(source) {
  start.fromSync(() => {
    if (source === undefined) throw new KeyfobError('wrong-type', 'initSync needs bytes or a Module here; @keyfob/wasm/inline has its own');
    return source;
  });
}

export default init;
