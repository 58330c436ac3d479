// The objects that pages get, made at once of what core has decided.

export const entered = () => ({ ok: true });
export const refused = (reason, message) => ({ ok: false, reason, message });
export const code = (code) => ({ ok: true, code });
export const serialNumber = (serial) => ({ ok: true, serial });
export const position = (accepted, drift, entryDelay) => (accepted === undefined ? { drift, entryDelay } : { accepted, drift, entryDelay });
export const found = (counter, position) => ({ ok: true, counter, position });
export const step = (state, label, notice, seconds) => ({ state, label, notice, seconds });
export const submission = (serial, code1, code2) => ({ serial, code1, code2 });
export const parameters = (type, algorithm, digits, period) => ({ type, algorithm, digits, period });
export const otpauth = (parameters, secret, account, issuer, serial, counter, position) =>
  ({ ok: true, ...parameters, secret, account, issuer, serial, counter, position });
export const copied = (bytes) => bytes.slice();
export const misuse = (name, message) => Object.assign(new Error(message), { name });
