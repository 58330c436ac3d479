import * as generated from './generated/tokens.js';
import * as read from './arguments.js';
import { KeyfobError } from './error.js';
import { guard } from './guard.js';
import { Start } from './start.js';

export const start = new Start(generated);

const guarded = guard(start);

/** No QR code has more characters. */
const MOST_CHARACTERS = 7089;

/** A seed file that was read: a preview without secrets, and each secret for who asks for it. */
export class SeedFile {
  #file;
  #generation;

  constructor(content, options = {}) {
    this.#file = guarded(opened)(content, options);
    this.#generation = start.generation;
  }

  preview() {
    return guarded(() => this.#opened().preview())();
  }

  secret(serial) {
    return guarded(() => this.#opened().secret(text('serial', serial)))();
  }

  /** Wipes the secrets. Done at the latest when the object is collected. */
  free() {
    if (this.#generation === start.generation) this.#file?.free();
    this.#file = undefined;
  }

  #opened() {
    if (this.#file === undefined) throw new KeyfobError('already-freed', 'the seed file has been freed: read it again');
    start.checkGeneration(this.#generation);
    return this.#file;
  }
}

export const qrCode = guarded((content, options = {}) => {
  const errorCorrection = option(options, 'errorCorrection') ?? 'M';
  return generated.qrCode(text('text', content), errorCorrection);
});

function opened(content, options) {
  const format = option(options, 'format');
  const bytes = bytesOf(content);
  try {
    return new generated.SeedFile(bytes, format);
  } finally {
    // What was encoded here is nobody else's.
    if (typeof content === 'string') bytes.fill(0);
  }
}

/** The content as bytes. What has more than any QR code or name is left to the file's own limit. */
function bytesOf(content) {
  if (typeof content === 'string') return new TextEncoder().encode(read.wellFormed('content', content));
  const bytes = content instanceof ArrayBuffer ? viewOf(content) : content;
  // A proxy of an array passes for one, and throws when it is read.
  if (!(bytes instanceof Uint8Array && ArrayBuffer.isView(bytes))) throw read.wrongType('content', 'a Uint8Array, an ArrayBuffer or a string');
  viewOf(bytes.buffer);
  return bytes;
}

const option = (options, name) => read.optional(read.object('options', options), name, text);

function viewOf(buffer) {
  try {
    return new Uint8Array(buffer);
  } catch {
    throw read.wrongType('content', 'a buffer that is not detached');
  }
}

const text = (name, value) => read.text(name, value, MOST_CHARACTERS);
