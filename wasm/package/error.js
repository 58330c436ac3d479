/** Misuse of the package, or a start that failed. What a person typed wrongly is no error but a value with a reason. */
export class KeyfobError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = 'KeyfobError';
    this.code = code;
  }
}

/** Rust throws an `Error` that has the code as its name. */
export function typed(error) {
  if (error instanceof KeyfobError) return error;
  if (/^[a-z0-9]+(-[a-z0-9]+)+$/.test(error?.name)) return new KeyfobError(error.name, error.message);
  return new KeyfobError('internal', 'the call failed and the module is started anew: please report it', { cause: error });
}
