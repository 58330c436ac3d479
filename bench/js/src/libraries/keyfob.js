import init, { hotp, resynchronise, verify } from '@keyfob/wasm';
import { now, PERIOD, RANGE, SECRET } from '../inputs.js';

await init();
const totpDevice = { secret: SECRET, type: 'TOTP', algorithm: 'SHA-1', digits: 6, period: PERIOD };
const hotpDevice = { secret: SECRET, type: 'HOTP', algorithm: 'SHA-1', digits: 6 };

export default {
  name: 'Keyfob',
  hotp: (counter) => hotp(SECRET, counter),
  totp: (window) => {
    const policy = { totpSteps: window };
    return (code) => verify(totpDevice, code, now(), policy).ok;
  },
  resync: ([first, second]) => {
    const result = resynchronise(hotpDevice, first, second, now(), { hotpCounters: RANGE });
    return result.ok ? Number(result.counter) : undefined;
  },
};
