// What `tsc --strict` has to refuse, each line of its own.
import init, { associate, Enrollment, generateSecret, hotp, initSync, KeyfobError, otpauthUri, parseCode, parseOtpauthUri, secondsLeft, timeStep, totp, verify } from '@keyfob/wasm';
import { qrCode, SeedFile } from '@keyfob/wasm/tokens';

const secret = generateSecret();
const file = new SeedFile('');

// @ts-expect-error a number is no source
init(5);
// @ts-expect-error an address can't be read at once
initSync('/keyfob.wasm');
// @ts-expect-error the counter is missing
hotp(secret);
// @ts-expect-error a counter is no text
hotp(secret, '1');
// @ts-expect-error a secret is no plain array
hotp([1, 2, 3], 1n);
// @ts-expect-error the web's names have a hyphen
hotp(secret, 1n, { algorithm: 'SHA1' });
// @ts-expect-error HOTP has no period
hotp(secret, 1n, { period: 30 });
// @ts-expect-error seconds are a number
totp(secret, new Date());
// @ts-expect-error the option is named digits
totp(secret, 59, { length: 6 });
// @ts-expect-error time steps are bigint
export const step: number = timeStep(59);
// @ts-expect-error seconds are no bigint
secondsLeft(59n);
// @ts-expect-error a device has a type
verify({ secret }, '123456', 59);
// @ts-expect-error a code is a text: a number loses its leading zeros
verify({ type: 'HOTP', secret }, 123456, 59);
// @ts-expect-error now is missing
verify({ type: 'TOTP', secret }, '123456');
// @ts-expect-error HOTP has no period
verify({ type: 'HOTP', secret, period: 30 }, '123456', 59);
// @ts-expect-error an outcome is no boolean
export const isRight: boolean = verify({ type: 'TOTP', secret }, '123456', 59);
// @ts-expect-error a refusal has no position
verify({ type: 'TOTP', secret }, '123456', 59).position;
// @ts-expect-error the second code is missing
associate({ type: 'TOTP', secret }, '123456', 59);
// @ts-expect-error one range or the other
associate({ type: 'TOTP', secret }, '123456', '123457', 59, { totpSteps: 1, totpSeconds: 30 });
// @ts-expect-error a code that was not asked whether it is one
export const code: string = parseCode('123456').code;
// @ts-expect-error there is no such reason
export const isLocked = parseOtpauthUri('x').reason === 'locked';
// @ts-expect-error the account is missing
otpauthUri({ type: 'TOTP', secret });
// @ts-expect-error the serial number can't be set
new Enrollment().serial = 'GALT-1030';
// @ts-expect-error a submission may not be there yet
new Enrollment().takeSubmission().serial;
// @ts-expect-error there is no such state
export const isDone = new Enrollment().step(0).state === 'done';
// @ts-expect-error there is no such code
export const isTeapot = new KeyfobError('internal', '').code === 'teapot';
// @ts-expect-error XLS is no format
new SeedFile('', { format: 'xls' });
// @ts-expect-error a preview has no secrets
file.preview().devices[0]?.secret;
// @ts-expect-error only HOTP devices have a counter
file.preview().devices[0]?.counter;
// @ts-expect-error there is no such level
qrCode('text', { errorCorrection: 'X' });
