import { answers } from './answers.js';
import { tokensAnswers } from './tokens-answers.js';

/** How each entry of the package is started and tried; the last gives a QR code. */
export const entries = {
  default: async (keyfob) => {
    await keyfob.default();
    answers(keyfob);
  },
  inline: async (keyfob) => {
    keyfob.initSync();
    answers(keyfob);
  },
  tokens: async (tokens) => {
    await tokens.default();
    return tokensAnswers(tokens);
  },
};
