import { typed } from './error.js';

/**
 * Wraps a module's functions: they throw `KeyfobError` alone, and always find a module in order. A call that ends neither by an answer nor by
 * a refusal, as when the page's stack overflows inside it, leaves the module in the middle of something: it is started anew.
 */
export function guard(start) {
  let running = 0;
  let inOrder = true;
  return (call) => (...parameters) => {
    start.check();
    // Calls can be nested: a getter of what is passed may call the module, too.
    if (!inOrder && running === 0) {
      start.anew();
      inOrder = true;
    }
    let ended = false;
    running += 1;
    try {
      const result = call(...parameters);
      ended = true;
      return result;
    } catch (thrown) {
      const error = typed(thrown);
      ended = error.code !== 'internal';
      throw error;
    } finally {
      running -= 1;
      inOrder &&= ended;
    }
  };
}
