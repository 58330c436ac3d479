import { h, uniqueId } from '../dom';

/** A label and a list of which one is chosen: texts by their values. */
export function choiceField(label: string, choices: Readonly<Record<string, string>>, chosen: string): { field: HTMLElement; select: HTMLSelectElement } {
  const id = uniqueId('choice');
  const options = Object.entries(choices).map(([value, text]) => h('option', { value, selected: value === chosen }, text));
  const select = h('select', { id }, options);
  return { field: h('div', { class: 'field' }, h('label', { for: id }, label), select), select };
}
