export * from './functions.js';
import type { Bytes, CompiledModule, Source } from './index.js';
export type { Bytes, CompiledModule, Source };

/** Starts the module, by default from the bytes that this entry brings along. */
export function init(source?: Source | PromiseLike<Source>): Promise<void>;

/** Starts the module at once, by default from the bytes that this entry brings along. */
export function initSync(source?: Bytes | CompiledModule): void;

export default init;
