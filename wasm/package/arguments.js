// What pages pass, read before a module is called: values of a wrong kind are refused here, what core does not allow is refused there.

import { KeyfobError } from './error.js';

/** Longer than any text that is meant, an `otpauth://` URI with all its parts among them. */
const MOST_CHARACTERS = 4096;
/** The end of the year 9999; what is later was meant in milliseconds. */
const LATEST = 253_402_300_799;
/** One more than core accepts, so that it sees that a secret is too long, whatever the array's size. */
const MOST_BYTES = 129;

export const wrongType = (name, expected) => new KeyfobError('wrong-type', `${name} has to be ${expected}`);
export const outOfRange = (name, expected) => new KeyfobError('out-of-range', `${name} has to be ${expected}`);

export function object(name, value) {
  if (typeof value !== 'object' || value === null) throw wrongType(name, 'an object');
  return value;
}

export function property(object, name) {
  try {
    return object[name];
  } catch (cause) {
    throw new KeyfobError('wrong-type', `${name} can't be read: its getter throws`, { cause });
  }
}

/** A property that may be left out, parsed. */
export function optional(object, name, parse) {
  const value = property(object, name);
  return value === undefined ? undefined : parse(name, value);
}

/** A text of moderate length, without lone surrogates. */
export function text(name, value, most = MOST_CHARACTERS) {
  if (typeof value !== 'string') throw wrongType(name, 'a string');
  if (value.length > most) throw new KeyfobError('too-long', `${name} has to have at most ${most} characters`);
  return wellFormed(name, value);
}

export function wellFormed(name, value) {
  if (!/\p{Surrogate}/u.test(value)) return value;
  throw new KeyfobError('not-well-formed', `${name} has a lone surrogate: pass whole characters`);
}

export function truth(name, value) {
  if (typeof value !== 'boolean') throw wrongType(name, 'true or false');
  return value;
}

function wholeNumber(name, value, least, most, expected) {
  if (typeof value !== 'number') throw wrongType(name, 'a number');
  if (!Number.isInteger(value) || value < least || value > most) throw outOfRange(name, expected);
  return value;
}

export const smallNumber = (name, value) => wholeNumber(name, value, 0, 0xffff_ffff, 'a whole number from 0 to 4294967295');
export const time = (name, value) =>
  wholeNumber(name, value, 0, LATEST, 'whole seconds since 1970: Math.floor(Date.now() / 1000), not milliseconds');
const period = (name, value) => wholeNumber(name, value, 1, 0xffff_ffff, 'whole seconds, at least one');
const signedNumber = (name, value) =>
  wholeNumber(name, value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'a safe integer');

/** A counter or time step: a bigint of 64 bits or a safe integer. */
export function counter(name, value) {
  const expected = 'from 0 to 2^64 - 1, as a bigint or a safe integer';
  if (typeof value === 'number') return BigInt(wholeNumber(name, value, 0, Number.MAX_SAFE_INTEGER, expected));
  if (typeof value !== 'bigint') throw wrongType(name, 'a bigint or a safe integer');
  if (BigInt.asUintN(64, value) !== value) throw outOfRange(name, expected);
  return value;
}

/** The bytes of a secret; `decode` gives those of base32. */
export function secret(value, decode) {
  if (typeof value === 'string') return decode(text('secret', value));
  // A proxy of an array passes for one, and throws when it is read.
  if (!(value instanceof Uint8Array && ArrayBuffer.isView(value))) throw wrongType('secret', 'a Uint8Array or a base32 text');
  // A detached buffer says so too, and copying from it throws.
  if (value.length === 0) return new Uint8Array(0);
  return value.length > MOST_BYTES ? value.subarray(0, MOST_BYTES) : value;
}

/** Algorithm and digits; core has the defaults. */
export const codeOptions = (options) => ({
  algorithm: optional(options, 'algorithm', text),
  digits: optional(options, 'digits', smallNumber),
});

/** Period and T0 of a TOTP device (RFC 6238 §4.1). */
export const stepOptions = (options) => ({
  period: optional(options, 'period', period) ?? 30,
  t0: optional(options, 't0', time) ?? 0,
});

/** What an HOTP device has instead of a period. */
const BY_BUTTON = { period: undefined, t0: 0 };

/** How a device computes its codes. Written out, as is what follows: spreading objects takes longer than the rest of a call. */
export function parameters(device) {
  const type = text('type', property(device, 'type'));
  if (type !== 'HOTP' && type !== 'TOTP') throw outOfRange('type', "'HOTP' or 'TOTP'");
  const { algorithm, digits } = codeOptions(device);
  const { period, t0 } = type === 'TOTP' ? stepOptions(device) : BY_BUTTON;
  return { algorithm, digits, period, t0 };
}

/** Where a device stands. */
export function position(device) {
  const given = optional(device, 'position', object) ?? {};
  return {
    accepted: optional(given, 'accepted', counter),
    drift: optional(given, 'drift', signedNumber) ?? 0,
    entryDelay: optional(given, 'entryDelay', smallNumber) ?? 0,
  };
}
