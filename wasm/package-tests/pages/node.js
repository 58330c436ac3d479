import { entries } from './checks/entries.js';

const name = process.argv[2];
const module = await import(name === 'default' ? '@keyfob/wasm' : `@keyfob/wasm/${name}`);
console.log(JSON.stringify((await entries[name](module)) ?? null));
