/** Seconds since 1970-01-01T00:00:00Z, whole: `Math.floor(Date.now() / 1000)`. */
export type UnixTime = number;

/** A counter or time step of 64 bits; a number has to be a safe integer. */
export type Counter = bigint | number;

/** The shared secret, 16 to 128 bytes (RFC 4226 §4 R6), as bytes or as base32 (RFC 4648 §6) in any case, grouped or padded. */
export type Secret = Uint8Array | string;

export type Algorithm = 'SHA-1' | 'SHA-256' | 'SHA-512';

export interface HotpOptions {
  /** The hash under the HMAC (RFC 6238 §1.2); 'SHA-1' by default. */
  algorithm?: Algorithm | undefined;
  /** The length of a code, 6 to 10; 6 by default. */
  digits?: number | undefined;
}

export interface TimeStepOptions {
  /** The length of a time step in seconds (RFC 6238 §4.1: X); 30 by default. */
  period?: number | undefined;
  /** Where counting starts (RFC 6238 §4.1: T0); 0 by default. */
  t0?: UnixTime | undefined;
}

export interface TotpOptions extends HotpOptions, TimeStepOptions {}

/** How a device computes its codes. */
export type Parameters = ({ type: 'HOTP' } & HotpOptions) | ({ type: 'TOTP' } & TotpOptions);

/** Where a device stands. Store it after every acceptance, before anybody is let in, and pass it back as `device.position`. */
export interface Position {
  /** The last accepted counter or time step; nothing at or below it is ever accepted again. Absent: none so far. */
  accepted?: Counter | undefined;
  /** Seconds the device's clock is ahead of ours, negative where it is behind; 0 by default, and for HOTP. */
  drift?: number | undefined;
  /** Seconds by which the clock may be less behind than `drift` says, since a pair of codes may have been typed late; 0 by default. */
  entryDelay?: number | undefined;
}

export type Device = Parameters & {
  secret: Secret;
  /** Nothing accepted yet, by default. */
  position?: Position | undefined;
};

export interface VerifyPolicy {
  /** Time steps either way of now and the drift, 0 to 10 (RFC 6238 §5.2); 1 by default. */
  totpSteps?: number | undefined;
  /** Counters past the last accepted one, 1 to 100 (RFC 4226 §7.4); 10 by default. */
  hotpLookAhead?: number | undefined;
}

/** An administrator's range, or with `totpSteps` the narrower one of a resynchronisation inside a sign-in. */
export type SyncPolicy =
  | {
      /** Seconds either way, 0 to 86,400; 43,200 by default. */
      totpSeconds?: number | undefined;
      totpSteps?: undefined;
      /** Counters past the last accepted one, 2 to 10,000; 1,000 by default. */
      hotpCounters?: number | undefined;
    }
  | {
      /** Time steps either way, 0 to 60. */
      totpSteps: number;
      totpSeconds?: undefined;
      /** Counters past the last accepted one, 2 to 1,000; 100 by default. */
      hotpCounters?: number | undefined;
    };

/** What a person typed can't be taken. The message is one sentence for that person. */
export interface Refused<Reason extends string> {
  ok: false;
  reason: Reason;
  message: string;
}

export interface Accepted {
  ok: true;
  /** The counter or time step that matched; of a pair, the second code's. */
  counter: bigint;
  /** The device's new position. */
  position: { accepted: bigint; drift: number; entryDelay: number };
}

export type MalformedCodeReason = 'empty' | 'wrong-length' | 'stray-character';
export type RefusalReason = MalformedCodeReason | 'wrong-code' | 'already-used';
export type PairRefusalReason = RefusalReason | 'same-codes' | 'not-consecutive' | 'clock-too-far-off';
export type InvalidSerialNumberReason = 'empty' | 'too-long' | 'stray-character';
export type MistakeReason =
  | MalformedCodeReason
  | InvalidSerialNumberReason
  | 'other-serial-number'
  | 'same-codes'
  | 'nothing-to-enter';
export type OtpauthReason =
  | 'not-otpauth'
  | 'unknown-type'
  | 'not-utf8'
  | 'repeated-parameter'
  | 'missing-parameter'
  | 'not-a-number'
  | 'invalid-secret'
  | 'unsupported-digits'
  | 'unsupported-algorithm';

/** Misuse of the package, or a start that failed. */
export class KeyfobError extends Error {
  readonly name: 'KeyfobError';
  readonly code: KeyfobErrorCode;
  constructor(code: KeyfobErrorCode, message: string, options?: ErrorOptions);
}

export type KeyfobErrorCode =
  | 'not-started'
  | 'start-failed'
  | 'wrong-type'
  | 'out-of-range'
  | 'too-long'
  | 'not-well-formed'
  | 'invalid-secret'
  | 'unsupported-algorithm'
  | 'unsupported-digits'
  | 'limit-exceeded'
  | 'no-random-numbers'
  | 'started-anew'
  | 'internal'
  | TokensErrorCode;

/** What only `@keyfob/wasm/tokens` throws. */
export type TokensErrorCode =
  | 'seed-file-empty'
  | 'seed-file-too-large'
  | 'seed-file-too-many-rejects'
  | 'seed-file-not-utf8'
  | 'seed-file-not-recognised'
  | 'seed-file-without-records'
  | 'seed-file-malformed-xml'
  | 'seed-file-truncated'
  | 'seed-file-document-type'
  | 'seed-file-excessive-xml'
  | 'seed-file-not-pskc'
  | 'seed-file-unsupported-version'
  | 'seed-file-without-header'
  | 'seed-file-unknown-column'
  | 'seed-file-repeated-column'
  | 'seed-file-unreadable'
  | 'already-freed'
  | 'unknown-format'
  | 'unknown-serial-number'
  | 'qr-code-too-long';

/** The code of an HOTP device at a counter (RFC 4226 §5.3). */
export function hotp(secret: Secret, counter: Counter, options?: HotpOptions): string;

/** The code of a TOTP device at a time (RFC 6238 §4.2). */
export function totp(secret: Secret, seconds: UnixTime, options?: TotpOptions): string;

/** The time step that a time falls into (RFC 6238 §4.2: T). */
export function timeStep(seconds: UnixTime, options?: TimeStepOptions): bigint;

/** How many seconds the step that a time falls into still lasts: 1 to the period. */
export function secondsLeft(seconds: UnixTime, options?: TimeStepOptions): number;

/** Verifies one code of one device (RFC 4226 §7.2, RFC 6238 §5.2). No code is accepted twice, if the position is stored. */
export function verify(
  device: Device,
  code: string,
  now: UnixTime,
  policy?: VerifyPolicy,
): Accepted | Refused<RefusalReason>;

/** Finds where a new device stands by two consecutive codes, around now. */
export function associate(
  device: Device,
  code1: string,
  code2: string,
  now: UnixTime,
  policy?: SyncPolicy,
): Accepted | Refused<PairRefusalReason>;

/** Finds where a known device stands by two consecutive codes, around now and its drift (RFC 4226 §7.4, RFC 6238 §6). */
export function resynchronise(
  device: Device,
  code1: string,
  code2: string,
  now: UnixTime,
  policy?: SyncPolicy,
): Accepted | Refused<PairRefusalReason>;

/** Reads a code as typed or pasted: without spaces and dashes, full-width digits as ASCII. */
export function parseCode(text: string): { ok: true; code: string } | Refused<MalformedCodeReason>;

/** Reads a serial number as typed or pasted: without spaces, full-width characters and dashes as ASCII. Case counts. */
export function parseSerialNumber(text: string): { ok: true; serial: string } | Refused<InvalidSerialNumberReason>;

/** A new secret from `crypto.getRandomValues`, 16 to 128 bytes; 20 by default (RFC 4226 §4 R6). */
export function generateSecret(bytes?: number): Uint8Array;

export type OtpauthInput = Parameters & {
  secret: Secret;
  account: string;
  issuer?: string | undefined;
  /** The next counter, for HOTP; 0 by default. */
  counter?: Counter | undefined;
  serial?: string | undefined;
};

/** Writes an `otpauth://` URI (Google Authenticator's key URI format). It contains the secret. */
export function otpauthUri(device: OtpauthInput): string;

export interface Otpauth {
  ok: true;
  type: 'HOTP' | 'TOTP';
  secret: Uint8Array;
  algorithm: Algorithm;
  digits: number;
  /** For TOTP, in seconds. */
  period?: number | undefined;
  /** The next counter, for HOTP. */
  counter?: bigint | undefined;
  position: { accepted?: bigint; drift: number; entryDelay: number };
  account: string;
  issuer?: string | undefined;
  serial?: string | undefined;
}

/** Reads an `otpauth://` URI. What it gives is a {@link Device}, too. */
export function parseOtpauthUri(text: string): Otpauth | Refused<OtpauthReason>;

export type EnrollmentState =
  | 'serial-number'
  | 'serial-number-again'
  | 'first-code'
  | 'wait'
  | 'second-code'
  | 'second-code-after-press'
  | 'submit';

export interface EnrollmentStep {
  state: EnrollmentState;
  /** What is asked for, in AWS's words; absent at 'submit'. */
  label?: string | undefined;
  /** What to tell while Authentication Code 2 is asked for. */
  notice?: string | undefined;
  /** At 'wait': about how many seconds until the next code. Entering it is possible meanwhile. */
  seconds?: number | undefined;
}

/** What is sent to the server. */
export interface Submission {
  serial: string;
  code1: string;
  code2: string;
}

/** The steps of association and resynchronisation, the very ones of the command line. Needs no secret. */
export class Enrollment {
  constructor(options?: { /** Asks for the serial number twice. */ forRoot?: boolean | undefined });
  /** The serial number, once it was entered. */
  readonly serial: string | undefined;
  /** Tells how the device counts, once its serial number is known. Without it a 30 s step and codes of any length are taken. */
  describe(parameters: Parameters): void;
  /** What to ask for or to do now. */
  step(now: UnixTime): EnrollmentStep;
  /** Takes what was typed for the current step. After a mistake the step stays the same. */
  enter(text: string, now: UnixTime): { ok: true } | Refused<MistakeReason>;
  /** Forgets the codes and keeps the serial number, after a refusal. */
  startCodesAgain(): void;
  /** Hands over what was collected and forgets the codes; `undefined` before the state 'submit'. */
  takeSubmission(): Submission | undefined;
}
