import { equal } from './equal.js';

export const QR_TEXT = 'otpauth://totp/anna?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const SEED_FILE = `serial,secret,type,digits,counter
GALT-1030,3132333435363738393031323334353637383930,HOTP,6,7
GALT-1031,31,HOTP,6,7
`;

/** Throws unless the second module reads a seed file rightly; returns the QR code of `QR_TEXT` for a reader of such codes. */
export function tokensAnswers({ SeedFile, qrCode }) {
  seedFile(new SeedFile(SEED_FILE));
  seedFile(new SeedFile(new TextEncoder().encode(SEED_FILE), { format: 'csv' }));
  return qrCode(QR_TEXT).rows;
}

function seedFile(file) {
  const { format, devices, rejects } = file.preview();
  equal([format, devices.length, rejects.length], ['csv', 1, 1], 'the preview');
  const { serial, type, counter } = devices[0];
  equal([serial, type, counter], ['GALT-1030', 'HOTP', 7n], 'its device');
  equal(new TextDecoder().decode(file.secret(serial)), '12345678901234567890', 'the secret of a device');
  file.free();
}
