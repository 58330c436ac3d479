import speakeasy from 'speakeasy';
import { now, PERIOD, SECRET_TEXT } from '../inputs.js';
import { resyncWith } from './resync.js';

const hotp = (counter) => speakeasy.hotp({ secret: SECRET_TEXT, counter });

export default {
  name: 'speakeasy',
  hotp,
  totp: (window) => (token) =>
    speakeasy.totp.verify({ secret: SECRET_TEXT, token, time: now(), step: PERIOD, window }),
  resync: resyncWith(hotp),
};
