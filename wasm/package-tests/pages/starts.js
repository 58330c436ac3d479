import * as keyfob from './node_modules/@keyfob/wasm/index.js';
import { failToStart, startAfterAll, unusable } from './checks/starts.js';

const BROKEN = ['/missing.wasm', '/page.wasm', '/broken.wasm', '/cut-short.wasm', new URL('/missing.wasm', location), new Request('/missing.wasm')];

globalThis.result = (async () => {
  // The first answer to the package's own address is an error.
  await failToStart(keyfob, [undefined, ...BROKEN, ...unusable()]);
  const name = location.search.slice(1);
  await startAfterAll(keyfob, name === 'own' ? undefined : `/${name}.wasm`);
})();
