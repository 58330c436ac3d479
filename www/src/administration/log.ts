import { type Answer, type Event, accepted, call } from '../api';
import { suggestSerials } from '../devices';
import { type Child, fill, h } from '../dom';
import { busy, submitButton } from '../elements/button';
import { choiceField } from '../elements/choice-field';
import { Field } from '../elements/field';
import { MessagePlace } from '../elements/message';
import { Pager } from '../elements/pager';
import { SerialField } from '../elements/serial-field';
import { ACT_TITLES } from '../events';
import { plural } from '../format';
import { keepInQuery, queryValue } from '../query';
import { pageHead } from '../shell';
import { eventTable } from './event-list';

const SHOWN = 50;

/** Where an act is rare, so many events are asked for at a time … */
const ASKED = 500;

/** … and so often, before the page shows what it has found. */
const MOST_REQUESTS = 20;

/** Events and where older ones go on. */
interface Found {
  readonly events: readonly Event[];
  readonly older: string | undefined;
}

/** The audit log, newest first, a page at a time. */
export class Log extends HTMLElement {
  readonly #user = new Field({ label: 'User', attributes: { autocomplete: 'off', maxlength: 128, value: queryValue('user') } });
  readonly #serial = new SerialField('Serial Number', suggestSerials, '');
  readonly #act = choiceField('What', { '': 'Everything', ...ACT_TITLES }, queryValue('act'));
  readonly #problem = new MessagePlace();
  readonly #place = h('div', { class: 'card flush' });
  readonly #pager = new Pager('Pages of the log', { text: 'Newer', go: () => this.#goNewer() }, { text: 'Older', go: () => this.#goOlder() });
  /** Before which events the pages on the way here began. */
  readonly #way: string[] = [];
  #before = queryValue('before');
  #next: string | undefined;

  connectedCallback(): void {
    this.classList.add('block');
    if (this.childElementCount > 0) return;
    this.#serial.value = queryValue('serial');
    const submit = submitButton('Show', '');
    const form = h('form', { method: 'get', class: 'toolbar', novalidate: true }, this.#user, this.#serial, this.#act.field, submit);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#startAnew();
      void busy(submit, () => this.#load());
    });
    this.append(pageHead('Log', 'Every sign-in with a code, and every change to a device or an account. It holds no code and no secret.'),
      h('search', {}, form), this.#problem, this.#place, this.#pager);
    void this.#load();
  }

  #startAnew(): void {
    this.#way.length = 0;
    this.#before = '';
  }

  async #goOlder(): Promise<void> {
    if (this.#next === undefined) return;
    this.#way.push(this.#before);
    this.#before = this.#next;
    await this.#load();
  }

  async #goNewer(): Promise<void> {
    this.#before = this.#way.pop() ?? '';
    await this.#load();
  }

  async #load(): Promise<void> {
    const [user, serial, act] = [this.#user.value.trim(), this.#serial.value.trim(), this.#act.select.value];
    keepInQuery({ user, serial, act, before: this.#before });
    const answer = await find({ user, serial, act, before: this.#before });
    if (!answer.ok) return this.#problem.showProblem(answer.problem, 'Administrator');
    this.#problem.clear();
    this.#show(answer.value);
  }

  #show({ events, older }: Found): void {
    this.#next = older;
    fill(this.#place, events.length === 0 ? nothing() : eventTable(events, 'Audit log'));
    this.#pager.show(`${plural(events.length, 'event')}, newest first`, this.#before !== '', older !== undefined);
  }
}

/** Asks on until there is a page of events of that act, as the service tells them apart by account and device alone. */
async function find(wanted: { user: string; serial: string; act: string; before: string }): Promise<Answer<Found>> {
  const found: Event[] = [];
  const asked = wanted.act === '' ? SHOWN : ASKED;
  let before = wanted.before;
  for (let request = 0; request < MOST_REQUESTS; request += 1) {
    const answer = await call('ListEvents', {
      ...(wanted.user !== '' && { UserName: wanted.user }),
      ...(wanted.serial !== '' && { SerialNumber: wanted.serial }),
      ...(before !== '' && { Before: before }),
      MaxItems: asked,
    });
    if (!answer.ok) return answer;
    const { Events } = answer.value;
    for (const event of Events) {
      if (wanted.act !== '' && event.Act !== wanted.act) continue;
      found.push(event);
      if (found.length === SHOWN) return accepted({ events: found, older: String(event.Id) });
    }
    if (Events.length < asked) return accepted({ events: found, older: undefined });
    before = String(Events.at(-1)?.Id ?? '');
  }
  return accepted({ events: found, older: before });
}

function nothing(): Child {
  return h('div', { class: 'empty' }, h('h2', {}, 'No events like this'), h('p', {}, 'Change the user, the serial number or what is shown.'));
}

customElements.define('keyfob-log', Log);
