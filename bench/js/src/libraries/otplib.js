import { generateSync, verifySync } from 'otplib';
import { now, PERIOD, SECRET } from '../inputs.js';
import { resyncWith } from './resync.js';

const hotp = (counter) => generateSync({ strategy: 'hotp', secret: SECRET, counter });

export default {
  name: 'otplib',
  hotp,
  totp: (window) => {
    const epochTolerance = window * PERIOD;
    return (token) => verifySync({ secret: SECRET, token, epoch: now(), epochTolerance }).valid;
  },
  resync: resyncWith(hotp),
};
