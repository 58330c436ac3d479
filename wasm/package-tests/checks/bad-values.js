/** Values that a parameter of each kind has to refuse, by the code of the error. */

/** More than any text that is meant. */
export const MEGABYTE = '1'.repeat(2 ** 20);

const LONE_SURROGATE = '12\ud83456';
const NO_NUMBERS = [null, '59', '', true, {}, [], () => 59, Symbol('59'), new Number(59)];
const NO_TEXTS = [undefined, null, NaN, -1, 1.5, 1n, true, {}, ['1'], Symbol('1'), new String('1'), new Uint8Array(6)];
const UNUSABLE_NUMBERS = [NaN, -1, 1.5, 1e300, Infinity, -Infinity, 2 ** 53];

export const time = {
  'wrong-type': [undefined, 59n, ...NO_NUMBERS],
  'out-of-range': [...UNUSABLE_NUMBERS, Date.UTC(2026, 0)],
};

export const counter = {
  'wrong-type': [undefined, ...NO_NUMBERS],
  'out-of-range': [...UNUSABLE_NUMBERS, -1n, 2n ** 64n, 2n ** 100000n],
};

/** A number that may be left out. */
export const optionalNumber = {
  'wrong-type': [6n, ...NO_NUMBERS],
  'out-of-range': UNUSABLE_NUMBERS,
};

export const text = {
  'wrong-type': NO_TEXTS,
  'too-long': [MEGABYTE],
  'not-well-formed': [LONE_SURROGATE],
};

export const optionalText = { ...text, 'wrong-type': NO_TEXTS.slice(1) };

export const algorithm = { ...optionalText, 'unsupported-algorithm': ['', 'MD5', 'SHA-384'] };

export const type = { ...text, 'out-of-range': ['', 'totp', 'YUBIKEY'] };

export const secret = {
  'wrong-type': [
    ...[undefined, null, NaN, 1, {}, [1, 2, 3], Symbol('x'), new ArrayBuffer(20), new Uint16Array(20)],
    ...[new DataView(new ArrayBuffer(20)), ...pretendedBytes()],
  ],
  'invalid-secret': ['', '1', 'not base32!', new Uint8Array(0), new Uint8Array(2 ** 20), detached()],
  'too-long': ['A'.repeat(2 ** 20)],
  'not-well-formed': [LONE_SURROGATE],
};

export const object = { 'wrong-type': [undefined, null, NaN, 1, '', 'TOTP', 1n, true, Symbol('x'), throwing()] };

export const optionalObject = { 'wrong-type': object['wrong-type'].slice(1) };

export const bytesOrText = {
  'wrong-type': [
    ...[undefined, null, NaN, 1, 1n, {}, [1, 2, 3], Symbol('x'), new Uint16Array(20), detached(), detached().buffer],
    ...pretendedBytes(),
  ],
  'not-well-formed': [LONE_SURROGATE],
};

/** Bytes whose buffer was handed over to somebody else. */
export function detached() {
  const bytes = new Uint8Array(20);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

/** What `instanceof` takes for a Uint8Array, and is none. */
export function pretendedBytes() {
  return [Object.create(Uint8Array.prototype), new Proxy(new Uint8Array(20), {})];
}

/** An object all of whose properties throw. */
function throwing() {
  return new Proxy({}, { get: () => { throw new TypeError('not now'); } });
}
