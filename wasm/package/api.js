import * as generated from './generated/keyfob.js';
import { KeyfobError } from './error.js';
import { guard } from './guard.js';
import { Start } from './start.js';

export { KeyfobError };
export const start = new Start(generated);

const guarded = guard(start);

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
  #generation;

  constructor(options) {
    this.#enrollment = guarded(() => new generated.Enrollment(options))();
    this.#generation = start.generation;
  }

  get serial() {
    return guarded(() => this.#current().serial)();
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
    return guarded(() => this.#current()[method](...parameters))();
  }

  #current() {
    start.checkGeneration(this.#generation);
    return this.#enrollment;
  }
}
