import * as generated from './generated/keyfob.js';
import * as read from './arguments.js';
import { KeyfobError } from './error.js';
import { guard } from './guard.js';
import { Start } from './start.js';

export { KeyfobError };
export const start = new Start(generated);

const guarded = guard(start);

export const hotp = guarded((secret, counter, options = {}) => codeAt(secret, read.counter('counter', counter), options));
export const totp = guarded((secret, seconds, options = {}) => codeAt(secret, stepAt(seconds, options), options));
export const timeStep = guarded((seconds, options = {}) => stepAt(seconds, options));
export const secondsLeft = guarded((seconds, options = {}) => {
  const { period, t0 } = read.stepOptions(read.object('options', options));
  return generated.secondsLeft(read.time('seconds', seconds), period, t0);
});

export const verify = guarded((device, code, now, policy = {}) =>
  generated.verify(
    deviceOf(device),
    read.text('code', code),
    read.time('now', now),
    limit(policy, 'totpSteps'),
    limit(policy, 'hotpLookAhead'),
  ));
export const associate = guarded((...parameters) => generated.associate(...pair(...parameters)));
export const resynchronise = guarded((...parameters) => generated.resynchronise(...pair(...parameters)));

export const parseCode = guarded((text) => generated.parseCode(read.text('text', text)));
export const parseSerialNumber = guarded((text) => generated.parseSerialNumber(read.text('text', text)));
export const parseOtpauthUri = guarded((text) => generated.parseOtpauthUri(read.text('text', text)));
export const otpauthUri = guarded((device) => {
  const given = read.parameters(read.object('device', device));
  if (given.t0 !== 0) throw read.outOfRange('t0', '0: an otpauth URI has no place for it');
  return generated.otpauthUri(
    { ...given, secret: secretOf(read.property(device, 'secret')) },
    read.text('account', read.property(device, 'account')),
    read.optional(device, 'issuer', read.text),
    read.optional(device, 'counter', read.counter),
    read.optional(device, 'serial', read.text),
  );
});

/** The length that RFC 4226 §4 R6 recommends, 160 bits, and those that core takes. */
const [RECOMMENDED_BYTES, LEAST_BYTES, MOST_BYTES] = [20, 16, 128];

/** It never enters the module's memory. */
export const generateSecret = guarded((bytes = RECOMMENDED_BYTES) => {
  const length = read.smallNumber('bytes', bytes);
  if (length < LEAST_BYTES || length > MOST_BYTES) throw read.outOfRange('bytes', `from ${LEAST_BYTES} to ${MOST_BYTES}`);
  if (!globalThis.crypto?.getRandomValues) {
    throw new KeyfobError('no-random-numbers', 'crypto.getRandomValues is missing: use a browser or Node that has it');
  }
  return crypto.getRandomValues(new Uint8Array(length));
});

export class Enrollment {
  #enrollment;
  #generation;

  constructor(options = {}) {
    this.#enrollment = guarded(() => {
      const forRoot = read.optional(read.object('options', options), 'forRoot', read.truth);
      return new generated.Enrollment(forRoot ?? false);
    })();
    this.#generation = start.generation;
  }

  get serial() {
    return this.#call((enrollment) => enrollment.serial);
  }

  describe(parameters) {
    this.#call((enrollment) => enrollment.describe(read.parameters(read.object('parameters', parameters))));
  }

  step(now) {
    return this.#call((enrollment) => enrollment.step(read.time('now', now)));
  }

  enter(text, now) {
    return this.#call((enrollment) => enrollment.enter(read.text('text', text), read.time('now', now)));
  }

  startCodesAgain() {
    this.#call((enrollment) => enrollment.startCodesAgain());
  }

  takeSubmission() {
    return this.#call((enrollment) => enrollment.takeSubmission());
  }

  #call(call) {
    return guarded(() => {
      start.checkGeneration(this.#generation);
      return call(this.#enrollment);
    })();
  }
}

const secretOf = (value) => read.secret(value, generated.secretFromBase32);

function codeAt(secret, counter, options) {
  const { algorithm, digits } = read.codeOptions(read.object('options', options));
  return generated.hotp(secretOf(secret), counter, algorithm, digits);
}

function stepAt(seconds, options) {
  const { period, t0 } = read.stepOptions(read.object('options', options));
  const step = generated.timeStep(read.time('seconds', seconds), period, t0);
  if (step === undefined) throw read.outOfRange('seconds', 'at or after t0');
  return step;
}

function deviceOf(device) {
  const { algorithm, digits, period, t0 } = read.parameters(read.object('device', device));
  const { accepted, drift, entryDelay } = read.position(device);
  return { secret: secretOf(read.property(device, 'secret')), algorithm, digits, period, t0, accepted, drift, entryDelay };
}

const limit = (policy, name) => read.optional(read.object('policy', policy), name, read.smallNumber);

function pair(device, code1, code2, now, policy = {}) {
  const [seconds, steps, counters] = ['totpSeconds', 'totpSteps', 'hotpCounters'].map((name) => limit(policy, name));
  if (seconds !== undefined && steps !== undefined) throw read.outOfRange('policy', 'given totpSteps or totpSeconds, not both');
  return [deviceOf(device), read.text('code1', code1), read.text('code2', code2), read.time('now', now), seconds, steps, counters];
}
