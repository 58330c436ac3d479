import { RANGE } from '../inputs.js';

/** The loop that a user writes where the library has none: the counter of the second of two consecutive codes. */
export const resyncWith = (hotp) => ([first, second]) => {
  let previous;
  for (let counter = 0; counter < RANGE; counter += 1) {
    const code = hotp(counter);
    if (previous === first && code === second) return counter;
    previous = code;
  }
  return undefined;
};
