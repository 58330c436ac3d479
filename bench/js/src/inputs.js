// What every library is asked: one secret, one moment, and codes that are right or wrong there.

export const SECRET_TEXT = '12345678901234567890';
export const SECRET = new TextEncoder().encode(SECRET_TEXT);

/** RFC 4226 appendix D: the codes of SECRET at counters 0 to 9. */
export const RFC_4226 = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'];

export const PERIOD = 30;
/** How many counters a resynchronisation looks at. */
export const RANGE = 1000;

/** Seconds since 1970. @oslojs/otp reads the clock itself and takes no time, so that the others are told the real one. */
export const now = () => Math.floor(Date.now() / 1000);

/** Codes at the end of the range, where a search finds them last, and a code that no counter in reach has. */
export function codes(hotp) {
  const step = Math.floor(now() / PERIOD);
  // The run lasts some minutes: the window moves, and is never left.
  const near = new Set(Array.from({ length: 400 }, (_, place) => hotp(step - 200 + place)));
  const wrong = Array.from({ length: 1000 }, (_, number) => String(900000 + number)).find((code) => !near.has(code));
  return { pair: [hotp(RANGE - 2), hotp(RANGE - 1)], wrong };
}
