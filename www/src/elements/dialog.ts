import { type Child, h, uniqueId } from '../dom';
import type { Answer } from '../problem';
import { busy } from './button';
import { MessagePlace } from './message';

export interface Question {
  readonly title: string;
  /** What will happen: to which device, to whom. */
  readonly body: Child;
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly role?: string;
  /** Does it; the dialog stays open where that fails, and says why. */
  readonly run: () => Promise<Answer<unknown>>;
}

/** Asks before something is done that can't be undone. Resolves to whether it was done; the focus returns to what had it. */
export function ask(question: Question): Promise<boolean> {
  const { dialog, closed } = openDialog(question.title);
  const problem = new MessagePlace();
  const act = h('button', { type: 'button', class: question.isDangerous ? 'danger primary' : 'primary' }, question.action);
  act.addEventListener('click', () =>
    busy(act, async () => {
      const answer = await question.run();
      if (answer.ok) dialog.close('done');
      else problem.showProblem(answer.problem, question.role);
    }),
  );
  const cancel = h('button', { type: 'button', autofocus: true, on: { click: () => dialog.close() } }, 'Cancel');
  dialog.append(h('div', { class: 'stack' }, question.body), problem, h('div', { class: 'actions' }, act, cancel));
  cancel.focus();
  return closed.then((value) => value === 'done');
}

/** Opens a dialog with a heading, to be filled. It is gone once it is closed. */
export function openDialog(title: string): { dialog: HTMLDialogElement; closed: Promise<string> } {
  const id = uniqueId('dialog');
  const dialog = h('dialog', { 'aria-labelledby': id }, h('h2', { id }, title));
  const opener = document.activeElement;
  document.body.append(dialog);
  dialog.showModal();
  const closed = new Promise<string>((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (opener instanceof HTMLElement) opener.focus();
      resolve(dialog.returnValue);
    });
  });
  return { dialog, closed };
}
