import { answers } from './checks/answers.js';
import { badInput, beforeStart } from './checks/bad-input.js';
import * as one from './node_modules/@keyfob/wasm/index.js';
import * as other from './node_modules/@keyfob/other/index.js';

globalThis.result = (async () => {
  await one.init();
  beforeStart(other);
  await other.init();
  const enrollment = new one.Enrollment();
  badInput(other);
  answers(one);
  enrollment.enter('GALT-1030', 0);
  const { serial } = enrollment;
  badInput(one);
  answers(other);
  return [serial, one.KeyfobError === other.KeyfobError];
})();
