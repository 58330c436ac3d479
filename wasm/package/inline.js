import { start } from './api.js';
import { base64 } from './generated/keyfob_base64.js';

export * from './functions.js';

/** Starts from the .wasm that this file brings along, or from `source`. */
export async function init(source) {
  await start.from(() => source ?? bytes());
}

/** Starts at once from the .wasm that this file brings along, or from bytes or a Module. */
export function initSync(source) {
  start.fromSync(() => source ?? bytes());
}

export default init;

function bytes() {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
