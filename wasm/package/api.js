import * as generated from './generated/keyfob.js';
import { KeyfobError, typed } from './error.js';
import { Start } from './start.js';

export { KeyfobError };
export const start = new Start(generated.initSync);

export const hotp = guarded(generated.hotp);
export const totp = guarded(generated.totp);
export const timeStep = guarded(generated.timeStep);
export const secondsLeft = guarded(generated.secondsLeft);
export const verify = guarded(generated.verify);
export const associate = guarded(generated.associate);
export const resynchronise = guarded(generated.resynchronise);
export const parseCode = guarded(generated.parseCode);
export const parseSerialNumber = guarded(generated.parseSerialNumber);
export const generateSecret = guarded(generated.generateSecret);
export const otpauthUri = guarded(generated.otpauthUri);
export const parseOtpauthUri = guarded(generated.parseOtpauthUri);

export class Enrollment {
  #enrollment;

  constructor(options) {
    this.#enrollment = guarded(() => new generated.Enrollment(options))();
  }

  get serial() {
    return this.#enrollment.serial;
  }

  describe(parameters) {
    this.#call('describe', parameters);
  }

  step(now) {
    return this.#call('step', now);
  }

  enter(text, now) {
    return this.#call('enter', text, now);
  }

  startCodesAgain() {
    this.#call('startCodesAgain');
  }

  takeSubmission() {
    return this.#call('takeSubmission');
  }

  #call(method, ...parameters) {
    return guarded(() => this.#enrollment[method](...parameters))();
  }
}

/** The function, with `KeyfobError` as the only thing that it throws. */
function guarded(call) {
  return (...parameters) => {
    start.check();
    try {
      return call(...parameters);
    } catch (error) {
      throw typed(error);
    }
  };
}
