import { type Child, h } from '../dom';

/** A table in a frame that scrolls by itself. On narrow pages each row is a list of its cells: the roles keep it a table for whoever hears it. */
export function tableFrame(caption: string, heads: readonly HTMLElement[], body: HTMLElement): HTMLElement {
  for (const head of heads) head.setAttribute('role', 'columnheader');
  body.setAttribute('role', 'rowgroup');
  const head = h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, heads));
  const table = h('table', { role: 'table' }, h('caption', { class: 'visually-hidden' }, caption), head, body);
  // Whoever has no mouse scrolls it with the arrow keys.
  return h('div', { class: 'table-frame', role: 'region', 'aria-label': caption, tabindex: '0' }, table);
}

/** A cell, with the title of its column for narrow pages. */
export interface Cell {
  readonly title: string;
  readonly content: Child;
  readonly isNumber?: boolean | undefined;
  /** Whether it stays in one line. */
  readonly isShort?: boolean | undefined;
  /** Whether it names the row. */
  readonly isName?: boolean | undefined;
}

export function tableRow(cells: readonly Cell[]): HTMLElement {
  return h('tr', { role: 'row' }, cells.map(cellElement));
}

function cellElement({ title, content, isNumber, isShort, isName }: Cell): HTMLElement {
  if (isName) return h('th', { scope: 'row', role: 'rowheader', 'data-title': title }, content);
  const style = [isNumber && 'number', isShort && 'keep'].filter(Boolean).join(' ');
  return h('td', { role: 'cell', class: style || undefined, 'data-title': title }, h('div', {}, content));
}
