import { answers } from './answers.js';
import { detached } from './bad-values.js';

/** A module without imports and exports: it is started, and is another one. */
const OTHER_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const CUT_SHORT = OTHER_MODULE.subarray(0, 6);

/** What no module can be started from, wherever it runs. */
export const unusable = () => [
  ...['', 5, true, {}, [], Symbol('wasm'), 1n, () => OTHER_MODULE],
  ...[new Uint8Array(0), CUT_SHORT, new Uint8Array(2 ** 20), detached(), OTHER_MODULE, new WebAssembly.Module(OTHER_MODULE)],
  ...[new Response('not found', { status: 404 }), new Response('<!doctype html>'), Response.error(), used()],
];

/** Throws unless every start fails with its code and leaves the module as it was. */
export async function failToStart({ KeyfobError, init, initSync, hotp }, sources) {
  for (const [index, source] of sources.entries()) {
    await expectFailure(KeyfobError, () => init(source), `init from source ${index}`);
    await expectFailure(KeyfobError, () => init(Promise.resolve(source)), `init from a promise of source ${index}`);
    if (takenAtOnce(source)) await expectFailure(KeyfobError, () => initSync(source), `initSync from source ${index}`);
    expectNotStarted(KeyfobError, hotp);
  }
  await expectFailure(KeyfobError, () => init(Promise.reject(Symbol('no'))), 'init from a promise that is broken');
}

/** Throws unless the module starts and answers, also when it is started again, from something else. */
export async function startAfterAll(keyfob, source) {
  await Promise.all([keyfob.init(source), keyfob.init(source)]);
  await keyfob.init('/missing.wasm');
  keyfob.initSync(OTHER_MODULE);
  answers(keyfob);
}

async function expectFailure(KeyfobError, start, what) {
  try {
    await start();
  } catch (error) {
    if (error instanceof KeyfobError && error.code === 'start-failed') return;
    throw new Error(`${what}: ${error?.stack ?? String(error)}`);
  }
  throw new Error(`${what}: was started`);
}

/** The others are for `init`: some entries have their own for `undefined`. */
function takenAtOnce(source) {
  return source !== undefined && typeof source !== 'string';
}

function expectNotStarted(KeyfobError, hotp) {
  try {
    hotp('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 0);
  } catch (error) {
    if (error instanceof KeyfobError && error.code === 'not-started') return;
    throw error;
  }
  throw new Error('hotp answers before the start');
}

function used() {
  const response = new Response('x');
  response.text();
  return response;
}
