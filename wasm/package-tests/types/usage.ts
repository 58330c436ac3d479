// Every export as it is meant: `tsc --strict` has to accept it.
import init, {
  type Accepted,
  type Algorithm,
  associate,
  type Bytes,
  type CompiledModule,
  type Counter,
  type Device,
  Enrollment,
  type EnrollmentState,
  type EnrollmentStep,
  generateSecret,
  hotp,
  type HotpOptions,
  init as namedInit,
  initSync,
  type InvalidSerialNumberReason,
  KeyfobError,
  type KeyfobErrorCode,
  type MalformedCodeReason,
  type MistakeReason,
  type Otpauth,
  type OtpauthInput,
  type OtpauthReason,
  otpauthUri,
  type PairRefusalReason,
  type Parameters,
  parseCode,
  parseOtpauthUri,
  parseSerialNumber,
  type Position,
  type RefusalReason,
  type Refused,
  resynchronise,
  type Secret,
  secondsLeft,
  type Source,
  type Submission,
  type SyncPolicy,
  timeStep,
  type TimeStepOptions,
  totp,
  type TotpOptions,
  type UnixTime,
  verify,
  type VerifyPolicy,
} from '@keyfob/wasm';
import initInline, * as inline from '@keyfob/wasm/inline';
import initTokens, * as tokens from '@keyfob/wasm/tokens';

export async function starts(source: Source, bytes: Uint8Array<ArrayBuffer>, module: CompiledModule): Promise<void> {
  await init();
  await namedInit(Promise.resolve(source));
  await initInline(bytes);
  await initTokens(new URL('https://example.org/tokens.wasm'));
  const file: Bytes = bytes.buffer;
  initSync(file);
  inline.initSync();
  tokens.initSync(module);
  const code: string = inline.hotp(bytes, 1n);
  inline.parseCode(code);
}

export function codes(secret: Secret, counter: Counter, now: UnixTime): string[] {
  const algorithm: Algorithm = 'SHA-512';
  const options: HotpOptions = { algorithm, digits: 8 };
  const steps: TimeStepOptions = { period: 60, t0: 0 };
  const all: TotpOptions = { ...options, ...steps };
  const step: bigint = timeStep(now, steps);
  const left: number = secondsLeft(now);
  return [hotp(secret, counter, options), hotp(secret, step), totp(secret, now, all), totp(secret, now), String(left)];
}

export function verifies(now: UnixTime, code1: string, code2: string): Position | undefined {
  const parameters: Parameters = { type: 'TOTP', period: 60, digits: 8 };
  const device: Device = { ...parameters, secret: generateSecret(32), position: { accepted: 4n, drift: -30 } };
  const policy: VerifyPolicy = { totpSteps: 1, hotpLookAhead: 10 };
  const outcome: Accepted | Refused<RefusalReason> = verify(device, code1, now, policy);
  if (!outcome.ok) return refused(outcome.reason, outcome.message);
  const range: SyncPolicy = { totpSeconds: 3600, hotpCounters: 1000 };
  const pair: Accepted | Refused<PairRefusalReason> = associate(device, code1, code2, now, range);
  if (!pair.ok && pair.reason === 'not-consecutive') return undefined;
  const again = resynchronise({ ...device, position: outcome.position }, code1, code2, now, { totpSteps: 10 });
  const counter: bigint | undefined = again.ok ? again.counter : undefined;
  return again.ok && counter !== undefined ? again.position : undefined;
}

function refused(reason: RefusalReason, message: string): undefined {
  const malformed: MalformedCodeReason[] = ['empty', 'wrong-length', 'stray-character'];
  console.log(malformed.some((one) => one === reason), reason === 'already-used', message);
}

export function texts(text: string): string {
  const code = parseCode(text);
  if (!code.ok) return code.message;
  const serial = parseSerialNumber(text);
  if (!serial.ok) return ((reason: InvalidSerialNumberReason): string => reason)(serial.reason);
  const input: OtpauthInput = { type: 'HOTP', secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', account: 'anna', counter: 7 };
  const read: Otpauth | Refused<OtpauthReason> = parseOtpauthUri(otpauthUri(input));
  if (!read.ok) return read.reason;
  return read.issuer ?? otpauthUri(read);
}

export function enrolls(now: UnixTime): Submission | undefined {
  const enrollment = new Enrollment({ forRoot: true });
  enrollment.describe({ type: 'HOTP', digits: 8 });
  const step: EnrollmentStep = enrollment.step(now);
  const state: EnrollmentState = step.state;
  const entered = enrollment.enter('GALT-1030', now);
  if (!entered.ok) console.log(((reason: MistakeReason): string => reason)(entered.reason));
  enrollment.startCodesAgain();
  console.log(state, step.label?.length, step.notice, step.seconds, enrollment.serial?.length);
  return enrollment.takeSubmission();
}

export function catches(call: () => void): KeyfobErrorCode | undefined {
  const late: KeyfobErrorCode = 'not-started';
  const long: tokens.TokensErrorCode = 'qr-code-too-long';
  try {
    call();
  } catch (error) {
    if (error instanceof KeyfobError && error.code !== late) return error.code;
    if (error instanceof tokens.KeyfobError && error.code === long) console.log(error.name, error.cause);
  }
  return undefined;
}

export function previews(content: ArrayBuffer): boolean[] {
  const format: tokens.SeedFileFormat = 'csv';
  const options: tokens.SeedFileOptions = { format };
  const file = new tokens.SeedFile(content, options);
  const preview: tokens.SeedFilePreview = file.preview();
  const secrets: Uint8Array<ArrayBuffer>[] = preview.devices.map((device) => file.secret(device.serial));
  console.log(secrets.length, preview.unverifiedSignature, preview.devices.map(moving), preview.rejects.map(rejected));
  file.free();
  const qrOptions: tokens.QrCodeOptions = { errorCorrection: 'H' };
  const code: tokens.QrCode = tokens.qrCode('text', qrOptions);
  return code.rows.map((row) => row[code.size - 1] ?? false);
}

function moving(device: tokens.PreviewedDevice): bigint | number | undefined {
  const record: tokens.DeviceRecord = device;
  console.log(record.algorithm, record.digits, record.manufacturer);
  if (device.type === 'HOTP') return ((one: tokens.PreviewedHotpDevice) => one.counter)(device);
  return ((one: tokens.PreviewedTotpDevice) => one.period + one.drift)(device);
}

function rejected(reject: tokens.RejectedRecord): string {
  const place: tokens.FileRecord = reject;
  return `${place.line} ${place.place} ${reject.serial ?? ''} ${reject.reason}`;
}
