import { h } from '../dom';

export type ButtonKind = 'primary' | 'danger' | 'danger primary' | 'plain' | 'small' | 'danger small' | '';

/** A button that does something in the page. */
export function button(text: string, kind: ButtonKind, click: (button: HTMLButtonElement) => unknown): HTMLButtonElement {
  const made = h('button', { type: 'button', class: kind || undefined }, text);
  made.addEventListener('click', () => busy(made, async () => click(made)));
  return made;
}

/** A form's button, which its Enter key presses too. */
export function submitButton(text: string, kind: ButtonKind = 'primary'): HTMLButtonElement {
  return h('button', { type: 'submit', class: kind }, text);
}

/** Keeps a button, which stays focusable, from doing its work twice at a time. */
export async function busy(button: HTMLButtonElement, work: () => Promise<unknown>): Promise<void> {
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  try {
    await work();
  } finally {
    button.removeAttribute('aria-disabled');
  }
}
