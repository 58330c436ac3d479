import { equal } from './equal.js';

const ASCII = '1234567890123456789012345678901234567890123456789012345678901234';
const SECRETS = { 'SHA-1': ascii(20), 'SHA-256': ascii(32), 'SHA-512': ascii(64) };
const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** RFC 4226 appendix D. */
const HOTP = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'];

/** RFC 6238 appendix B. */
const TOTP = [
  [59, '94287082', '46119246', '90693936'],
  [1111111109, '07081804', '68084774', '25091201'],
  [1111111111, '14050471', '67062674', '99943326'],
  [1234567890, '89005924', '91819424', '93441116'],
  [2000000000, '69279037', '90698825', '38618901'],
  [20000000000, '65353130', '77737706', '47863826'],
];

/** Throws unless the module's functions answer as the RFCs say. */
export function answers(keyfob) {
  codes(keyfob);
  times(keyfob);
  hotpDevice(keyfob);
  totpDevice(keyfob);
  texts(keyfob);
  secrets(keyfob);
  enrollment(keyfob);
}

function codes({ hotp, totp }) {
  HOTP.forEach((code, counter) => {
    equal(hotp(SECRETS['SHA-1'], BigInt(counter)), code, `hotp at ${counter}`);
    equal(hotp(BASE32, counter), code, `hotp of base32 at ${counter}`);
  });
  for (const [seconds, ...expected] of TOTP) {
    Object.entries(SECRETS).forEach(([algorithm, secret], index) => {
      equal(totp(secret, seconds, { algorithm, digits: 8 }), expected[index], `totp with ${algorithm} at ${seconds}`);
    });
  }
}

function times({ timeStep, secondsLeft }) {
  equal(timeStep(59), 1n, 'timeStep');
  equal(timeStep(2000000000, { period: 60, t0: 20 }), 33333333n, 'timeStep with its own period and T0');
  equal(secondsLeft(59), 1, 'secondsLeft at the end');
  equal(secondsLeft(60), 30, 'secondsLeft at the start');
}

function hotpDevice({ verify, associate, resynchronise }) {
  const device = { type: 'HOTP', secret: BASE32 };
  const position = { accepted: 4n, drift: 0, entryDelay: 0 };
  equal(verify(device, HOTP[4], 0), { ok: true, counter: 4n, position }, 'verify');
  equal(refusal(verify({ ...device, position }, HOTP[4], 0)), 'already-used', 'verify again');
  equal(refusal(verify(device, '000000', 0)), 'wrong-code', 'verify a wrong code');
  equal(associate(device, HOTP[3], HOTP[4], 0), { ok: true, counter: 4n, position }, 'associate');
  equal(refusal(associate(device, HOTP[3], HOTP[5], 0)), 'not-consecutive', 'associate by codes apart');
  equal(resynchronise({ ...device, position }, HOTP[8], HOTP[9], 0).counter, 9n, 'resynchronise');
}

function totpDevice({ verify, associate, totp }) {
  const device = { type: 'TOTP', secret: SECRETS['SHA-1'], digits: 8 };
  equal(verify(device, '9428-7082', 59).counter, 1n, 'verify a TOTP code');
  const [now, late] = [1234567890, 300];
  const [code1, code2] = [0, 30].map((more) => totp(device.secret, now - late + more, device));
  const { ok, position } = associate(device, code1, code2, now);
  equal(ok, true, 'associate a device whose clock is behind');
  equal(position.accepted, BigInt((now - late + 30) / 30), 'its last accepted time step');
}

function texts({ parseCode, parseSerialNumber, otpauthUri, parseOtpauthUri }) {
  equal(parseCode(' １２３-456'), { ok: true, code: '123456' }, 'parseCode');
  equal(refusal(parseCode('12a456')), 'stray-character', 'parseCode of letters');
  equal(parseSerialNumber(' GALT 1030 '), { ok: true, serial: 'GALT1030' }, 'parseSerialNumber');
  const uri = otpauthUri({ type: 'TOTP', secret: SECRETS['SHA-1'], account: 'anna', issuer: 'Example' });
  const { ok, secret, account, issuer, period } = parseOtpauthUri(uri);
  equal([ok, secret, account, issuer, period], [true, SECRETS['SHA-1'], 'anna', 'Example', 30], 'parseOtpauthUri');
}

function secrets({ generateSecret }) {
  const [one, other] = [generateSecret(), generateSecret(32)];
  equal([one.length, other.length], [20, 32], 'lengths of secrets');
  equal(new Set([...one, ...other]).size > 10, true, 'secrets are random');
}

function enrollment({ Enrollment }) {
  const enrollment = new Enrollment();
  enrollment.describe({ type: 'TOTP' });
  equal(enrollment.step(0).state, 'serial-number', 'the first step');
  equal(enrollment.enter('GALT-1030', 0), { ok: true }, 'a serial number');
  equal(enrollment.serial, 'GALT-1030', 'the serial number');
  equal(enrollment.enter('12345', 59).reason, 'wrong-length', 'a short code');
  equal(enrollment.enter('287082', 59), { ok: true }, 'Authentication Code 1');
  equal(enrollment.step(59).state, 'wait', 'the step after it');
  equal(enrollment.enter('287082', 60).reason, 'same-codes', 'the same code');
  equal(enrollment.enter('359152', 89), { ok: true }, 'Authentication Code 2');
  equal(enrollment.step(89).state, 'submit', 'the last step');
  const submission = { serial: 'GALT-1030', code1: '287082', code2: '359152' };
  equal(enrollment.takeSubmission(), submission, 'the submission');
  equal(enrollment.takeSubmission(), undefined, 'a second submission');
}

function refusal({ ok, reason, message }) {
  if (ok || typeof message !== 'string') throw new Error('a refusal is expected');
  return reason;
}

function ascii(length) {
  return new TextEncoder().encode(ASCII.slice(0, length));
}
