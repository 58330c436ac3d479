import { readFileSync } from 'node:fs';
import * as keyfob from '@keyfob/wasm';
import { failToStart, startAfterAll, unusable } from './checks/starts.js';

const wasm = new URL(import.meta.resolve('@keyfob/wasm/keyfob.wasm'));

await failToStart(keyfob, [new URL('http://127.0.0.1:1/refused.wasm'), ...unusable()]);
await startAfterAll(keyfob, { own: undefined, bytes: readFileSync(wasm), module: new WebAssembly.Module(readFileSync(wasm)) }[process.argv[2]]);
