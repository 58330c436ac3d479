import { answers } from './answers.js';
import * as bad from './bad-values.js';
import { tokensAnswers } from './tokens-answers.js';

const SECRET = new TextEncoder().encode('12345678901234567890');
const HOTP = { type: 'HOTP', secret: SECRET };
const TOTP = { type: 'TOTP', secret: SECRET };
const ACCOUNT = { ...TOTP, account: 'anna' };
const NOW = 59;
const SEED_FILE = 'serial,secret,type\nGALT-1030,3132333435363738393031323334353637383930,TOTP\n';

/** Throws unless each bad value is refused with its code, and the module answers rightly afterwards. Returns how many were tried. */
export function badInput(keyfob) {
  const parameters = [...codeParameters(keyfob), ...deviceParameters(keyfob), ...otherParameters(keyfob), ...enrollmentParameters(keyfob)];
  const tried = refuseAll(keyfob.KeyfobError, parameters);
  hostileObjects(keyfob);
  answers(keyfob);
  overflows(keyfob);
  answers(keyfob);
  return tried;
}

/** The same for the second module. */
export function tokensBadInput(tokens) {
  const tried = refuseAll(tokens.KeyfobError, tokensParameters(tokens));
  largestFile(tokens);
  const file = new tokens.SeedFile(SEED_FILE);
  untilTheStackIsFull(() => file.secret('GALT-1030'));
  tokensAnswers(tokens);
  return tried;
}

/** 64 MiB are read, and not a byte more. */
function largestFile({ KeyfobError, SeedFile }) {
  const content = new Uint8Array(2 ** 26).fill('\n'.charCodeAt());
  new TextEncoder().encodeInto(SEED_FILE, content);
  const file = new SeedFile(content);
  const { devices } = file.preview();
  file.free();
  if (devices.length !== 1) throw new Error(`${devices.length} devices in the largest file`);
  expectCode(KeyfobError, 'seed-file-too-large', () => new SeedFile(new Uint8Array(2 ** 26 + 1)), 'a larger file');
}

/** Throws unless every function says that the module has not been started. */
export function beforeStart({ KeyfobError, init, initSync, default: _, ...functions }) {
  for (const [name, exported] of Object.entries(functions)) {
    const call = /^[A-Z]/.test(name) ? () => new exported('') : () => exported();
    expectCode(KeyfobError, 'not-started', call, `${name} before the start`);
  }
}

function codeParameters({ hotp, totp, timeStep, secondsLeft }) {
  const options = (call) => [
    ['options', bad.optionalObject, call],
    ['algorithm', bad.algorithm, (algorithm) => call({ algorithm })],
    ['digits', bad.optionalNumber, (digits) => call({ digits })],
    ['digits beyond', { 'unsupported-digits': [0, 5, 11, 2 ** 32 - 1] }, (digits) => call({ digits })],
  ];
  const stepOptions = (call) => [
    ['options', bad.optionalObject, call],
    ['period', bad.optionalNumber, (period) => call({ period })],
    ['no period', { 'out-of-range': [0, -0] }, (period) => call({ period })],
    ['t0', { ...bad.time, 'wrong-type': bad.time['wrong-type'].slice(1) }, (t0) => call({ t0 })],
  ];
  return [
    ['hotp: secret', bad.secret, (secret) => hotp(secret, 0)],
    ['hotp: counter', bad.counter, (counter) => hotp(SECRET, counter)],
    ...options((value) => hotp(SECRET, 0, value)),
    ['totp: secret', bad.secret, (secret) => totp(secret, NOW)],
    ['totp: seconds', bad.time, (seconds) => totp(SECRET, seconds)],
    ['totp: before T0', { 'out-of-range': [0] }, (seconds) => totp(SECRET, seconds, { t0: 1 })],
    ...options((value) => totp(SECRET, NOW, value)),
    ...stepOptions((value) => totp(SECRET, NOW, value)),
    ['timeStep: seconds', bad.time, (seconds) => timeStep(seconds)],
    ...stepOptions((value) => timeStep(NOW, value)),
    ['secondsLeft: seconds', bad.time, (seconds) => secondsLeft(seconds)],
    ...stepOptions((value) => secondsLeft(NOW, value)),
  ];
}

function deviceParameters({ verify, associate, resynchronise }) {
  const range = (call) => [
    ...limited('totpSeconds', call, [86_401]),
    ...limited('totpSteps', call, [61]),
    ...limited('hotpCounters', call, [0, 1, 10_001]),
    ['both ranges', { 'out-of-range': [{ totpSteps: 1, totpSeconds: 1 }] }, call],
  ];
  const pair = (synchronise) => [
    ...deviceProperties((device) => synchronise(device, '287082', '359152', NOW)),
    ['code1', bad.text, (code) => synchronise(HOTP, code, '359152', NOW)],
    ['code2', bad.text, (code) => synchronise(HOTP, '287082', code, NOW)],
    ['now', bad.time, (now) => synchronise(HOTP, '287082', '359152', now)],
    ...range((policy) => synchronise(HOTP, '287082', '359152', NOW, policy)),
  ];
  const policy = (value) => verify(HOTP, '287082', NOW, value);
  return [
    ...deviceProperties((device) => verify(device, '287082', NOW)),
    ['verify: code', bad.text, (code) => verify(HOTP, code, NOW)],
    ['verify: now', bad.time, (now) => verify(HOTP, '287082', now)],
    ...limited('totpSteps', policy, [11]),
    ...limited('hotpLookAhead', policy, [0, 101]),
    ...pair(associate),
    ...pair(resynchronise),
  ];
}

function limited(name, call, beyond) {
  return [
    ['policy', bad.optionalObject, call],
    [name, bad.optionalNumber, (value) => call({ [name]: value })],
    [`${name} beyond its limits`, { 'limit-exceeded': [...beyond, 2 ** 32 - 1] }, (value) => call({ [name]: value })],
  ];
}

function deviceProperties(call) {
  const position = (value) => call({ ...HOTP, position: value });
  return [
    ['device', bad.object, call],
    ['type', bad.type, (type) => call({ ...HOTP, type })],
    ['secret', bad.secret, (secret) => call({ ...HOTP, secret })],
    ['algorithm', bad.algorithm, (algorithm) => call({ ...HOTP, algorithm })],
    ['digits', bad.optionalNumber, (digits) => call({ ...HOTP, digits })],
    ['period', bad.optionalNumber, (period) => call({ ...TOTP, period })],
    ['position', bad.optionalObject, position],
    ['accepted', { ...bad.counter, 'wrong-type': bad.counter['wrong-type'].slice(1) }, (accepted) => position({ accepted })],
    ['drift', { ...bad.optionalNumber, 'out-of-range': [NaN, 1.5, 1e300, Infinity] }, (drift) => position({ drift })],
    ['entryDelay', bad.optionalNumber, (entryDelay) => position({ entryDelay })],
  ];
}

function otherParameters({ parseCode, parseSerialNumber, generateSecret, otpauthUri, parseOtpauthUri }) {
  return [
    ['parseCode', bad.text, parseCode],
    ['parseSerialNumber', bad.text, parseSerialNumber],
    ['parseOtpauthUri', bad.text, parseOtpauthUri],
    ['generateSecret', bad.optionalNumber, generateSecret],
    ['generateSecret: length', { 'out-of-range': [0, 15, 129, 2 ** 32 - 1] }, generateSecret],
    ['otpauthUri', bad.object, otpauthUri],
    ['otpauthUri: type', bad.type, (type) => otpauthUri({ ...ACCOUNT, type })],
    ['otpauthUri: secret', bad.secret, (secret) => otpauthUri({ ...ACCOUNT, secret })],
    ['otpauthUri: account', bad.text, (account) => otpauthUri({ ...ACCOUNT, account })],
    ['otpauthUri: issuer', bad.optionalText, (issuer) => otpauthUri({ ...ACCOUNT, issuer })],
    ['otpauthUri: serial', bad.optionalText, (serial) => otpauthUri({ ...ACCOUNT, serial })],
    ['otpauthUri: counter', { 'out-of-range': bad.counter['out-of-range'] }, (counter) => otpauthUri({ ...ACCOUNT, counter })],
  ];
}

function enrollmentParameters({ Enrollment }) {
  const enrollment = new Enrollment();
  return [
    ['Enrollment', bad.optionalObject, (options) => new Enrollment(options)],
    ['forRoot', { 'wrong-type': [null, 0, 1, '', 'yes', {}] }, (forRoot) => new Enrollment({ forRoot })],
    ['describe', bad.object, (parameters) => enrollment.describe(parameters)],
    ['describe: type', bad.type, (type) => enrollment.describe({ type })],
    ['step', bad.time, (now) => enrollment.step(now)],
    ['enter: text', bad.text, (text) => enrollment.enter(text, NOW)],
    ['enter: now', bad.time, (now) => enrollment.enter('GALT-1030', now)],
  ];
}

function tokensParameters({ SeedFile, qrCode }) {
  const [file, freed] = [new SeedFile(SEED_FILE), new SeedFile(SEED_FILE)];
  freed.free();
  freed.free();
  return [
    ['SeedFile', bad.bytesOrText, (content) => new SeedFile(content)],
    ['SeedFile without content', { 'seed-file-empty': ['', ' \n', new Uint8Array(0)] }, (content) => new SeedFile(content)],
    ['SeedFile of noise', { 'seed-file-not-recognised': [bad.MEGABYTE] }, (content) => new SeedFile(content)],
    ['SeedFile: no UTF-8', { 'seed-file-not-utf8': [new Uint8Array(2 ** 20).fill(255)] }, (content) => new SeedFile(content)],
    ['SeedFile: options', bad.optionalObject, (options) => new SeedFile('x', options)],
    ['SeedFile: format', { ...bad.optionalText, 'unknown-format': ['', 'xls'] }, (format) => new SeedFile('x', { format })],
    ['secret', { ...bad.text, 'unknown-serial-number': ['', 'GALT-1031'] }, (serial) => file.secret(serial)],
    ['a freed file', { 'already-freed': ['GALT-1030'] }, (serial) => freed.secret(serial)],
    ['the preview of a freed file', { 'already-freed': [undefined] }, () => freed.preview()],
    ['qrCode', { ...bad.text, 'qr-code-too-long': ['x'.repeat(3000)] }, (text) => qrCode(text)],
    ['qrCode: options', bad.optionalObject, (options) => qrCode('x', options)],
    ['errorCorrection', { ...bad.optionalText, 'out-of-range': ['', 'm', 'X'] }, (errorCorrection) => qrCode('x', { errorCorrection })],
  ];
}

function refuseAll(KeyfobError, parameters) {
  let tried = 0;
  for (const [name, codes, call] of parameters) {
    for (const [code, values] of Object.entries(codes)) {
      for (const value of values) expectCode(KeyfobError, code, () => call(value), `${name} ${shown(value)}`);
      tried += values.length;
    }
  }
  return tried;
}

function expectCode(KeyfobError, code, call, what) {
  try {
    call();
  } catch (error) {
    const isTyped = error instanceof KeyfobError && error.code === code && error.message.length > 10;
    if (!isTyped) throw new Error(`${what}: not ${code} but ${error?.code} ${error?.stack ?? error}`);
    return;
  }
  throw new Error(`${what}: was taken instead of ${code}`);
}

/** What comes back into the module while it reads an object, and what has leaked if every refusal leaves something behind. */
function hostileObjects(keyfob) {
  const { KeyfobError, Enrollment, hotp, verify } = keyfob;
  const enrollment = new Enrollment();
  const reentrant = { get type() { enrollment.enter('GALT-1030', NOW); return 'TOTP'; } };
  enrollment.describe(reentrant);
  if (enrollment.serial !== 'GALT-1030') throw new Error('describe that comes back into its enrollment');
  const device = { ...HOTP, get type() { return answers(keyfob) ?? 'HOTP'; } };
  if (!verify(device, '287082', NOW).ok) throw new Error('verify that comes back into the module');
  for (let round = 0; round < 20_000; round += 1) {
    for (const secret of bad.pretendedBytes()) expectCode(KeyfobError, 'wrong-type', () => hotp(secret, 0), 'the same again');
  }
}

/** The stack of the page becomes full somewhere within the module, again and again. */
function overflows({ KeyfobError, Enrollment, verify }) {
  const enrollment = new Enrollment();
  untilTheStackIsFull(() => verify(HOTP, '287082', NOW));
  const device = { ...HOTP, get type() { return verify(device, '287082', NOW).ok ? 'HOTP' : 'TOTP'; } };
  for (let round = 0; round < 3; round += 1) {
    expectCode(KeyfobError, 'wrong-type', () => verify(device, '287082', NOW), 'verify that comes back without end');
  }
  expectCode(KeyfobError, 'started-anew', () => enrollment.step(NOW), 'an enrollment of before');
  expectCode(KeyfobError, 'started-anew', () => enrollment.serial, 'its serial number');
  if (new Enrollment().step(NOW).state !== 'serial-number') throw new Error('no enrollment after the module was started anew');
}

function untilTheStackIsFull(call) {
  const deeper = (room) => {
    if (room > 0) return deeper(room - 1);
    call();
    return deeper(0);
  };
  for (let room = 0; room < 8; room += 1) {
    try {
      deeper(room);
    } catch (error) {
      if (!(error instanceof RangeError) && !['internal', 'started-anew'].includes(error.code)) throw error;
    }
  }
}

function shown(value) {
  return typeof value === 'object' ? 'an object' : `${typeof value} ${String(value).slice(0, 40)}`;
}
