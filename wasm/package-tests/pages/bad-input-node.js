import * as keyfob from '@keyfob/wasm';
import * as inline from '@keyfob/wasm/inline';
import * as tokens from '@keyfob/wasm/tokens';
import { badInput, beforeStart, tokensBadInput } from './checks/bad-input.js';

[keyfob, inline, tokens].forEach(beforeStart);
keyfob.initSync();
tokens.initSync();
console.log(badInput(keyfob) + tokensBadInput(tokens));
