import { badInput, beforeStart, tokensBadInput } from './checks/bad-input.js';

const FOLDER = './node_modules/@keyfob/wasm';

globalThis.result = (async () => {
  const [keyfob, inline, tokens] = await Promise.all(['index', 'inline', 'tokens'].map((name) => import(`${FOLDER}/${name}.js`)));
  [keyfob, inline, tokens].forEach(beforeStart);
  await Promise.all([keyfob.init(), tokens.init()]);
  return badInput(keyfob) + tokensBadInput(tokens);
})();
