import { KeyfobError } from './error.js';

/**
 * Starts a module, once; a start that failed can be tried again.
 */
export class Start {
  /** How often the module was started anew: what it has made before is lost. */
  generation = 0;
  #initSync;
  #reset;
  #running;
  #done = false;

  /** @param {{ initSync: Function, __wbg_reset_state: Function }} generated what wasm-bindgen has generated */
  constructor({ initSync, __wbg_reset_state: reset }) {
    this.#initSync = initSync;
    this.#reset = reset;
  }

  /** Throws before the module has been started. */
  check() {
    if (!this.#done) throw new KeyfobError('not-started', 'the module is not started: await init() first');
  }

  /** Throws for what was made before the module was started anew. */
  checkGeneration(generation) {
    if (generation !== this.generation) throw new KeyfobError('started-anew', 'the module had to be started anew: make the object again');
  }

  /** Starts the module that runs once more. */
  anew() {
    this.generation += 1;
    this.#reset();
  }

  /** From what `load` resolves to: a URL, Request, Response, bytes or Module. */
  async from(load) {
    if (this.#done) return;
    this.#running ??= this.#start(load).finally(() => { this.#running = undefined; });
    return this.#running;
  }

  /** From bytes or a Module, at once. */
  fromSync(load) {
    if (this.#done) return;
    try {
      const source = load();
      this.#instantiate(source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source));
    } catch (cause) {
      throw failed(cause);
    }
  }

  async #start(load) {
    try {
      this.#instantiate(await compiled(await load()));
    } catch (cause) {
      throw failed(cause);
    }
  }

  #instantiate(module) {
    if (this.#done) return;
    // What wasm-bindgen has generated would keep another module for good.
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    if (!names.includes('__wbindgen_start')) throw new Error("it is not this package's module");
    this.#initSync({ module });
    this.#done = true;
  }
}

async function compiled(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source === 'string' || source instanceof URL || isA('Request', source)) source = await fetch(source);
  if (!isA('Response', source)) return WebAssembly.compile(source);
  if (!source.ok) throw new Error(`${source.url} was answered with the status ${source.status}`);
  // Streaming needs this very MIME type, without parameters, and not every server sends it.
  const streams = source.headers.get('Content-Type')?.toLowerCase() === 'application/wasm';
  return streams ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await source.arrayBuffer());
}

function isA(name, value) {
  return typeof globalThis[name] === 'function' && value instanceof globalThis[name];
}

function failed(cause) {
  if (cause instanceof KeyfobError) return cause;
  return new KeyfobError('start-failed', `the module can't be started: ${String(cause?.message ?? cause)}`, { cause });
}
