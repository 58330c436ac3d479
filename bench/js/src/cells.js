import { codes, now, PERIOD, RANGE, RFC_4226 } from './inputs.js';

/** What is measured: each gives what one call is. */
export const cells = (wrong, pair) => [
  { name: 'HOTP', of: ({ hotp }) => counting(hotp) },
  { name: 'TOTP ±1, wrong code', of: ({ totp }) => once(totp(1), wrong) },
  { name: 'TOTP ±10, wrong code', of: ({ totp }) => once(totp(10), wrong) },
  { name: 'resync over 1,000 counters', of: ({ resync }) => once(resync, pair) },
];

const once = (call, argument) => () => call(argument);

function counting(hotp) {
  let counter = 0;
  return () => hotp((counter = (counter + 1) % 1_000_000));
}

/** Throws unless a library gives the right answers; a quick wrong one is worth nothing. */
export function check(library) {
  const { hotp, totp, resync, name } = library;
  const { wrong, pair } = codes(hotp);
  const step = () => Math.floor(now() / PERIOD);
  expect(name, 'the vectors of RFC 4226', RFC_4226.map((_, counter) => hotp(counter)).join(), RFC_4226.join());
  for (const window of [1, 10]) {
    const accepts = totp(window);
    // One step inside the window's edge: the clock may go on meanwhile.
    expect(name, `±${window}, the code inside`, accepts(hotp(step() - window + 1)), true);
    expect(name, `±${window}, the code ahead`, accepts(hotp(step() + window)), true);
    expect(name, `±${window}, a code outside`, accepts(hotp(step() - window - 2)), false);
    expect(name, `±${window}, a wrong code`, accepts(wrong), false);
  }
  expect(name, 'the resynchronised counter', resync(pair), RANGE - 1);
  expect(name, 'codes that are not consecutive', resync([pair[0], pair[0]]), undefined);
}

function expect(library, what, found, right) {
  if (found !== right) throw new Error(`${library} gives ${found} for ${what}, not ${right}`);
}
