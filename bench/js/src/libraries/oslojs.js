import { generateHOTP, verifyTOTPWithGracePeriod } from '@oslojs/otp';
import { PERIOD, SECRET } from '../inputs.js';
import { resyncWith } from './resync.js';

const hotp = (counter) => generateHOTP(SECRET, BigInt(counter), 6);

export default {
  name: '@oslojs/otp',
  hotp,
  totp: (window) => (code) => verifyTOTPWithGracePeriod(SECRET, PERIOD, 6, code, window * PERIOD),
  resync: resyncWith(hotp),
};
