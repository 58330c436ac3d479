import { call } from '../api';
import { type Child, h } from '../dom';
import { accepted } from '../problem';
import { button } from './button';
import { ask, openDialog } from './dialog';

/** Makes new recovery codes after a question, and shows them once. Resolves to whether there are new ones. */
export async function makeRecoveryCodes(userName: string, hasSome: boolean): Promise<boolean> {
  let codes: readonly string[] = [];
  const isDone = await ask({
    title: 'Make new recovery codes?',
    body: [
      h('p', {}, 'Each lets ', h('strong', { dir: 'auto' }, userName), ' sign in once without the device.'),
      hasSome && h('p', {}, 'The ones made before stop working.'),
    ],
    action: 'Make recovery codes',
    run: async () => {
      const answer = await call('CreateRecoveryCodes', { UserName: userName });
      if (answer.ok) codes = answer.value.RecoveryCodes;
      return answer.ok ? accepted(undefined) : answer;
    },
  });
  const where = 'Keep them where you find them without your device: on paper in a drawer, or in a password manager. They are shown now and never again.';
  if (isDone) await showOnce({ title: 'Your recovery codes', text: where, close: 'I have kept them', userName, codes });
  return isDone;
}

interface ShownCodes {
  readonly title: string;
  readonly text: Child;
  readonly close: string;
  readonly userName: string;
  readonly codes: readonly string[];
}

/** Shows codes that are never shown again. */
export async function showOnce({ title, text, close: closing, userName, codes }: ShownCodes): Promise<void> {
  const { dialog, closed } = openDialog(title);
  const told = h('p', { role: 'status' });
  const copy = button('Copy', '', async () => {
    told.textContent = await copied(codes);
  });
  const close = button(closing, 'primary', () => dialog.close());
  dialog.append(
    h('p', {}, text),
    h('ul', { class: 'recovery-codes', 'aria-label': `Recovery codes of ${userName}` }, codes.map((code) => h('li', {}, h('code', {}, code)))),
    told,
    h('div', { class: 'actions no-print' }, close, copy, button('Print', '', () => window.print())),
  );
  close.focus();
  await closed;
}

async function copied(codes: readonly string[]): Promise<string> {
  try {
    await navigator.clipboard.writeText(codes.join('\n'));
    return 'Copied.';
  } catch {
    return 'This browser does not let the page copy: select the codes and copy them yourself.';
  }
}
