import { entries } from './checks/entries.js';

const name = location.search.slice(1);
const file = name === 'default' ? 'index' : name;
globalThis.result = import(`./node_modules/@keyfob/wasm/${file}.js`).then(entries[name]);
