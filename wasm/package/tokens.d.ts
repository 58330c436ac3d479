import type { Bytes, CompiledModule, Source } from './index.js';

export { KeyfobError } from './functions.js';
export type { KeyfobErrorCode, TokensErrorCode } from './functions.js';
export type { Bytes, CompiledModule, Source };

/** Starts this module: fetches or reads the .wasm of the package, or takes it from `source`. Once; may be tried again. */
export function init(source?: Source | PromiseLike<Source>): Promise<void>;
/** Starts this module at once, from bytes or a Module; in Node from the package's own file where neither is given. */
export function initSync(source?: Bytes | CompiledModule): void;
export default init;

/** A layout of seed files: PSKC (RFC 6030) in plain text, CSV with a header line, or one `otpauth://` URI a line. */
export type SeedFileFormat = 'pskc' | 'csv' | 'otpauth';

export interface SeedFileOptions {
  /** Without it, the content decides. */
  readonly format?: SeedFileFormat | undefined;
}

/** What stands in a seed file, without a secret. */
export interface SeedFilePreview {
  readonly format: SeedFileFormat;
  /** Whether the file carries a digital signature (RFC 6030 §7), which is not verified. */
  readonly unverifiedSignature: boolean;
  /** The devices that can be used, in the file's order; no two have the same serial number. */
  readonly devices: readonly PreviewedDevice[];
  /** The records that can't be used, in the file's order. */
  readonly rejects: readonly RejectedRecord[];
}

export type PreviewedDevice = PreviewedTotpDevice | PreviewedHotpDevice;

export interface PreviewedTotpDevice extends DeviceRecord {
  readonly type: 'TOTP';
  /** The length of a time step, in seconds (RFC 6238 §4.1: X). */
  readonly period: number;
  /** Seconds that the device's clock was ahead when the file was written; negative where it was behind. */
  readonly drift: number;
}

export interface PreviewedHotpDevice extends DeviceRecord {
  readonly type: 'HOTP';
  /** The next counter (RFC 4226 §5.1); absent where there is none past 2^64 - 1. */
  readonly counter?: bigint;
}

/** A record and where it stands. */
export interface FileRecord {
  /** Counted from 1. */
  readonly line: number;
  /** The line, and the key package's Id where it has one, as a text. */
  readonly place: string;
}

export interface DeviceRecord extends FileRecord {
  readonly serial: string;
  readonly algorithm: 'SHA-1' | 'SHA-256' | 'SHA-512';
  /** 6 to 10. */
  readonly digits: number;
  readonly manufacturer?: string;
  readonly model?: string;
}

export interface RejectedRecord extends FileRecord {
  /** Where it could be read, and can't be a secret under the wrong heading. */
  readonly serial?: string;
  /** A sentence that says why, without a secret. */
  readonly reason: string;
}

/** A seed file that was read. What of it was copied into the module's memory is wiped; its secrets are when it is freed. */
export class SeedFile {
  /**
   * Reads a file of at most 64 MiB. The content stays the caller's, who wipes it.
   * @throws {KeyfobError} Its code says why the file as a whole can't be read, and begins with `seed-file-`.
   */
  constructor(content: Uint8Array | ArrayBuffer | string, options?: SeedFileOptions);
  /** What stands in the file, without a secret. */
  preview(): SeedFilePreview;
  /**
   * A copy of the secret of the device with this serial number, for the caller to wipe.
   * @throws {KeyfobError} `unknown-serial-number`
   */
  secret(serial: string): Uint8Array<ArrayBuffer>;
  /** Wipes the secrets. Nothing can be asked afterwards. */
  free(): void;
}

/** A QR code (ISO/IEC 18004), to be drawn with a margin of four modules. */
export interface QrCode {
  /** Modules along a side. */
  readonly size: number;
  /** `rows[y][x]` is whether the module is dark. */
  readonly rows: readonly (readonly boolean[])[];
}

export interface QrCodeOptions {
  /** At least this level: a higher one where that takes no more room. 'M' without it. */
  readonly errorCorrection?: 'L' | 'M' | 'Q' | 'H' | undefined;
}

/**
 * The QR code of a text, such as an `otpauth://` URI.
 * @throws {KeyfobError} `qr-code-too-long`, or `too-long` for what no QR code holds
 */
export function qrCode(text: string, options?: QrCodeOptions): QrCode;
