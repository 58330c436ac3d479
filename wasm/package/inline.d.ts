export * from './functions.js';
import type { Source } from './index.js';
export type { Source } from './index.js';

/** Starts the module, by default from the bytes that this entry brings along. */
export function init(source?: Source | PromiseLike<Source>): Promise<void>;

/** Starts the module at once, by default from the bytes that this entry brings along. */
export function initSync(source?: BufferSource | WebAssembly.Module): void;

export default init;
