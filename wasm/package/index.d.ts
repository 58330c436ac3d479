export * from './functions.js';

/** A .wasm file's content. */
export type Bytes = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/** A `WebAssembly.Module`, for which the DOM's types have an empty interface and Node's have none. */
export type CompiledModule = object;

/** What a module is started from. */
export type Source = string | URL | Request | Response | Bytes | CompiledModule;

/**
 * Starts the module: in a browser from the .wasm beside this package's index.js, in Node from its file. Has to be awaited before any
 * other function is called; a start that failed can be tried again.
 */
export function init(source?: Source | PromiseLike<Source>): Promise<void>;

/** Starts the module at once, from bytes or a Module. In Node they may be left out. */
export function initSync(source?: Bytes | CompiledModule): void;

export default init;
