import { entries } from './checks/entries.js';

const modules = {
  default: () => import('@keyfob/wasm'),
  inline: () => import('@keyfob/wasm/inline'),
  tokens: () => import('@keyfob/wasm/tokens'),
};

const name = location.search.slice(1);
globalThis.result = modules[name]().then(entries[name]);
