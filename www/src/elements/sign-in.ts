import { type AfterCode, type AfterPassword, type Problem, resyncAtSignIn, signIn, signInWithCode } from '../api';
import { now } from '../clock';
import { type Child, fill, h } from '../dom';
import { retryTime } from '../format';
import { problemText } from '../messages';
import { busy, button, submitButton } from './button';
import { CodeField } from './code-field';
import { EnrollmentForm } from './enrollment-form';
import { Field } from './field';
import { MessagePlace, message } from './message';
import { notices } from './notices';

/** The sign-in: password, code, and what helps when the code does not work. */
export class SignIn extends HTMLElement {
  readonly #done: () => void;
  #userName: string;
  #offerResync = false;
  #digits: readonly number[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `userName`: who signs in, as far as that is known. */
  constructor(done: () => void, userName = '') {
    super();
    this.#done = done;
    this.#userName = userName;
  }

  connectedCallback(): void {
    this.classList.add('single', 'block');
    if (this.childElementCount === 0) this.#askPassword();
  }

  /** `told` says why this is asked again. */
  #askPassword(told?: Child): void {
    const userName = new Field({ label: 'User name', attributes: { name: 'UserName', autocomplete: 'username', required: true } });
    const password = new Field({
      label: 'Password',
      attributes: { name: 'Password', type: 'password', autocomplete: 'current-password', required: true },
    });
    userName.value = this.#userName;
    const problem = new MessagePlace();
    const form = this.#form('Sign in', 'Sign in', [told, problem, userName, password], async () => {
      if (!complete(problem, [userName, 'Type your user name.'], [password, 'Type your password.'])) return;
      this.#userName = userName.value.trim();
      const answer = await signIn(this.#userName, password.value);
      if (answer.ok) return this.#afterPassword(answer.value);
      if (answer.problem.kind !== 'network') password.value = '';
      problem.showProblem(answer.problem);
      password.input.focus();
    });
    this.#show(form);
    (userName.value === '' ? userName : password).input.focus();
  }

  #afterPassword(answer: AfterPassword): void {
    switch (answer.Next) {
      case 'Done':
        return this.#done();
      case 'Wait':
        return this.#wait(answer.RetryAt ?? undefined);
      case 'Code':
        this.#offerResync = answer.OfferResync;
        this.#digits = answer.Digits;
        return this.#askCode();
    }
  }

  #askCode(told?: Child): void {
    const code = new CodeField('Authentication code', 'Type the code that your device shows now.');
    const problem = new MessagePlace();
    const form = this.#form('Enter your code', 'Continue', [this.#who(), told, problem, code], () => this.#sendCode(code, problem));
    form.append(h('div', { class: 'after-form' }, button('My code does not work', 'plain', () => this.#help())));
    this.#show(form);
    code.input.focus();
  }

  #askRecoveryCode(): void {
    const hint = 'One of the codes you printed or kept when you set up your device. Each works once.';
    const code = new Field({ label: 'Recovery code', hint, attributes: { class: 'serial', autocomplete: 'off' } });
    const problem = new MessagePlace();
    const form = this.#form('Use a recovery code', 'Continue', [this.#who(), problem, code], () => this.#sendCode(code, problem));
    form.append(this.#back());
    this.#show(form);
    code.input.focus();
  }

  async #sendCode(field: Field, problem: MessagePlace): Promise<void> {
    problem.clear();
    field.error = undefined;
    const mistake = field instanceof CodeField ? field.mistake : undefined;
    if (mistake !== undefined || field.value === '') return refuse(field, problem, mistake ?? 'Type the code.');
    const answer = await signInWithCode(field.value.trim());
    if (answer.ok) return this.#afterCode(answer.value);
    this.#refuseCode(answer.problem, field, problem);
  }

  #refuseCode(refused: Problem, field: Field, problem: MessagePlace): void {
    if (refused.kind === 'session-gone') return this.#askPassword(message('warning', 'That took too long. Begin with your password again.'));
    if (refused.kind === 'network') return problem.showProblem(refused);
    field.value = '';
    refuse(field, problem, problemText(refused));
    this.#offerResync ||= refused.kind === 'refused' && refused.offerResync;
    if (this.#offerResync) problem.firstElementChild?.append(h('p', {}, button('Resynchronise my device', 'small', () => this.#resync())));
  }

  #afterCode({ RecoveryCodesLeft, Notices }: AfterCode): void {
    const told = notices(Notices ?? [], RecoveryCodesLeft ?? undefined);
    if (told.length === 0) return this.#done();
    const go = button('Continue', 'primary', () => this.#done());
    const heading = h('h1', { tabindex: '-1' }, 'Since you were last here');
    this.#show(h('div', { class: 'card' }, heading, h('div', { class: 'stack' }, told), h('div', { class: 'actions wide' }, go)));
    heading.focus();
  }

  /** What may be the matter, and what to do then. */
  #help(): void {
    const heading = h('h1', { tabindex: '-1' }, 'My code does not work');
    this.#show(
      h('div', { class: 'card' }, heading,
        h('ul', { class: 'plain-list' },
          h('li', {}, h('h2', {}, 'Wait for the next code'),
            h('p', { class: 'quiet' }, 'Each code works once, and only for about half a minute.'),
            button('Type another code', 'small', () => this.#askCode())),
          h('li', {}, h('h2', {}, 'The device is out of step'),
            h('p', { class: 'quiet' }, 'Its clock is off, or its button was pressed many times. Two codes in a row put it right.'),
            button('Resynchronise my device', 'small', () => this.#resync())),
          h('li', {}, h('h2', {}, 'The device is not at hand'),
            h('p', { class: 'quiet' }, 'One of your recovery codes lets you in.'),
            button('Use a recovery code', 'small', () => this.#askRecoveryCode())),
          h('li', {}, h('h2', {}, 'The device is lost or stolen'),
            h('p', { class: 'quiet' }, 'It has to be disabled, so that nobody else uses it.'),
            button('I lost my device', 'small', () => this.#lost()))),
        this.#back()),
    );
    heading.focus();
  }

  #resync(): void {
    const form = new EnrollmentForm({
      action: 'Resync',
      failure: 'The device was not resynchronised.',
      serial: null,
      digits: this.#digits,
      cancel: () => this.#askCode(),
      submit: ({ code1, code2 }) => resyncAtSignIn(code1, code2),
      done: () => this.#askCode(message('good', 'Your device is in step again.', h('p', {}, 'Wait for its next code, and sign in with that.'))),
    });
    const heading = h('h1', {}, 'Resynchronise my device');
    this.#show(h('div', { class: 'card' }, heading,
      h('p', { class: 'quiet' }, 'Type two codes in a row. Afterwards you sign in with the code that follows.'), form));
    form.focusFirst();
  }

  #lost(): void {
    const heading = h('h1', { tabindex: '-1' }, 'I lost my device');
    this.#show(
      h('div', { class: 'card stack' }, heading,
        h('div', {}, h('h2', {}, 'You have a recovery code or another device'),
          h('p', {}, 'Sign in with it. Then choose “I lost my device” on your page: it disables the lost one, makes new recovery codes and takes a new device.'),
          h('div', { class: 'actions' }, button('Use a recovery code', 'primary', () => this.#askRecoveryCode()),
            button('Type a code', '', () => this.#askCode()))),
        h('div', {}, h('h2', {}, 'You have neither'),
          h('p', {}, 'Ask an administrator, in person or by telephone, to deactivate the device. Then the password alone signs you in, and you can associate another device. The log shows it.')),
        this.#back()),
    );
    heading.focus();
  }

  /** Counts down to the next try, which is not evaluated before. */
  #wait(retryAt: string | undefined): void {
    const heading = h('h1', { tabindex: '-1' }, retryAt === undefined ? 'Your account is locked' : 'Please wait');
    const text = h('p', {});
    const again = button('Try again', 'primary', () => this.#askPassword());
    this.#show(h('div', { class: 'card' }, heading, h('p', {}, 'There were too many wrong tries.'), text, h('div', { class: 'actions' }, again)));
    heading.focus();
    if (retryAt === undefined) {
      text.textContent = 'An administrator has to unlock it. Was it not you who tried? Tell them that, too.';
      return;
    }
    const at = new Date(retryAt);
    const tick = (): void => {
      const isOver = now() >= at.getTime();
      text.textContent = isOver ? 'You can try again now.' : `You can try again ${retryTime(at)}.`;
      if (isOver) clearInterval(this.#timer);
    };
    this.#timer = setInterval(tick, 1000);
    tick();
  }

  #who(): HTMLElement {
    const other = button('Not you?', 'plain', () => {
      this.#userName = '';
      this.#askPassword();
    });
    return h('p', { class: 'who' }, 'Signing in as ', h('strong', { dir: 'auto' }, this.#userName), ' ', other);
  }

  #back(): HTMLElement {
    return h('div', { class: 'after-form' }, button('Back to the code', 'plain', () => this.#askCode()));
  }

  #form(title: string, action: string, parts: Child[], send: () => Promise<void>): HTMLFormElement {
    const submit = submitButton(action);
    const form = h('form', { class: 'card', novalidate: true, method: 'post' }, h('h1', {}, title), parts, h('div', { class: 'actions wide' }, submit));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void busy(submit, send);
    });
    return form;
  }

  #show(content: Element): void {
    clearInterval(this.#timer);
    document.title = `${content.querySelector('h1')?.textContent ?? 'Sign in'} · Keyfob`;
    fill(this, content);
  }
}

/** Whether all fields were filled in; else says which was not. */
function complete(problem: MessagePlace, ...fields: readonly (readonly [Field, string])[]): boolean {
  problem.clear();
  for (const [field] of fields) field.error = undefined;
  const missing = fields.find(([field]) => field.value === '');
  if (missing) refuse(missing[0], problem, missing[1]);
  return missing === undefined;
}

function refuse(field: Field, problem: MessagePlace, text: string): void {
  field.error = text;
  problem.show('problem', 'You are not signed in yet.', h('p', {}, text));
  field.input.focus();
}

customElements.define('keyfob-sign-in', SignIn);
