import * as OTPAuth from 'otpauth';
import { now, PERIOD, SECRET } from '../inputs.js';
import { resyncWith } from './resync.js';

const secret = new OTPAuth.Secret({ buffer: SECRET.buffer });
const counting = new OTPAuth.HOTP({ secret, algorithm: 'SHA1', digits: 6 });
const timed = new OTPAuth.TOTP({ secret, algorithm: 'SHA1', digits: 6, period: PERIOD });
const hotp = (counter) => counting.generate({ counter });

export default {
  name: 'otpauth',
  hotp,
  totp: (window) => (token) => timed.validate({ token, timestamp: now() * 1000, window }) !== null,
  resync: resyncWith(hotp),
};
