import { start } from './tokens-api.js';
import { KeyfobError } from './error.js';

export { KeyfobError };
export { qrCode, SeedFile } from './tokens-api.js';

/** Fetches the .wasm beside this file, or takes it from `source`. */
export async function init(source) {
  await start.from(() => source ?? new URL('./generated/tokens_bg.wasm', import.meta.url));
}

/** Starts at once from bytes or a Module. */
export function initSync(source) {
  start.fromSync(() => {
    if (source === undefined) throw new KeyfobError('wrong-type', 'initSync needs bytes or a Module here');
    return source;
  });
}

export default init;
