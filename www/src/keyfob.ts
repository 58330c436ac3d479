/** The package, once it has started. */
export type Keyfob = typeof import('@keyfob/wasm');
export type KeyfobTokens = typeof import('@keyfob/wasm/tokens');

let main: Promise<Keyfob | undefined> | undefined;
let tokens: Promise<KeyfobTokens | undefined> | undefined;

/** Starts the package once. `undefined` where it can't be loaded: the service checks everything anyway, so that forms still work. */
export function startKeyfob(): Promise<Keyfob | undefined> {
  main ??= start(() => import('@keyfob/wasm'));
  return main;
}

/** Starts the package's second module, for seed files and QR codes. */
export function startTokens(): Promise<KeyfobTokens | undefined> {
  tokens ??= start(() => import('@keyfob/wasm/tokens'));
  return tokens;
}

async function start<Module extends { init(): Promise<void> }>(load: () => Promise<Module>): Promise<Module | undefined> {
  try {
    const loaded = await load();
    await loaded.init();
    return loaded;
  } catch (error) {
    console.warn('@keyfob/wasm could not be started; the service checks what is typed', error);
    return undefined;
  }
}
