import { call } from '../api';
import { fill, h } from '../dom';
import { busy, submitButton } from '../elements/button';
import { CodeField } from '../elements/code-field';
import { openDialog } from '../elements/dialog';
import { MessagePlace } from '../elements/message';
import { plural } from '../format';
import { pageAddress } from '../query';

/** Looks for a device whose serial number can't be read any more, by what it shows. */
export async function findByCodes(): Promise<void> {
  const { dialog, closed } = openDialog('Find a device by its codes');
  const first = new CodeField('Authentication Code 1', 'The code that the device shows now.');
  const second = new CodeField('Authentication Code 2', 'The next one. It may be left out, but then several devices may fit.');
  const submit = submitButton('Find');
  const problem = new MessagePlace();
  const found = h('div', { role: 'status' });
  const cancel = h('button', { type: 'button', on: { click: () => dialog.close() } }, 'Close');
  const form = h('form', { method: 'post', novalidate: true }, first, second, h('div', { class: 'actions' }, submit, cancel));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void busy(submit, () => find(first, second, problem, found));
  });
  dialog.append(h('p', {}, 'For a device whose serial number cannot be read. Its codes are not used up by this.'), problem, form, found);
  first.input.focus();
  await closed;
}

async function find(first: CodeField, second: CodeField, problem: MessagePlace, found: HTMLElement): Promise<void> {
  problem.clear();
  fill(found);
  first.error = first.value === '' ? 'Type the code that the device shows.' : first.mistake;
  second.error = second.value === '' ? undefined : second.mistake;
  const wrong = [first, second].find(({ error }) => error !== undefined);
  if (wrong) return wrong.input.focus();
  const answer = await call('FindDevice', {
    AuthenticationCode1: first.value,
    ...(second.value !== '' && { AuthenticationCode2: second.value }),
  });
  if (!answer.ok) return problem.showProblem(answer.problem, 'Administrator');
  show(found, answer.value.SerialNumbers);
}

function show(found: HTMLElement, serials: readonly string[]): void {
  if (serials.length === 0) return void fill(found, h('p', {}, 'No device shows this. Try again with its next two codes.'));
  const links = serials.map((serial) => h('li', {}, h('a', { class: 'cell-link serial', href: pageAddress('devices', { serial }) }, serial)));
  fill(found, h('p', {}, h('strong', {}, `${plural(serials.length, 'device')} ${serials.length === 1 ? 'shows' : 'show'} this:`)), h('ul', { class: 'plain-list' }, links));
}
