import { type Child, h } from '../dom';

/** A name and what it is, for a list of facts. */
export function fact(name: string, value: Child): Child {
  return [h('dt', {}, name), h('dd', {}, value)];
}
