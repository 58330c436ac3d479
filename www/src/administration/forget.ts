import { type Device, call } from '../api';
import { h } from '../dom';
import { button } from '../elements/button';
import { openDialog } from '../elements/dialog';
import { fact } from '../elements/fact';
import { MessagePlace } from '../elements/message';
import { plural } from '../format';
import type { Problem } from '../problem';

/** So many serial numbers are named in the question. */
const MOST_NAMED = 5;

/** What became of the devices that were to be forgotten. */
export interface Forgotten {
  readonly count: number;
  /** Somebody has got them meanwhile. */
  readonly kept: number;
  /** Why it was not gone on with. */
  readonly problem: Problem | undefined;
}

/** Forgets devices that nobody has, one after the other, after a question that names them. `undefined` where it was answered with no. */
export async function forgetAll(devices: readonly Device[]): Promise<Forgotten | undefined> {
  const { dialog, closed } = openDialog(`Forget ${plural(devices.length, 'device')}?`);
  const bar = h('progress', { max: devices.length, value: 0, 'aria-label': 'Forgetting the devices', hidden: true });
  const place = new MessagePlace();
  let outcome: Promise<Forgotten> | undefined;
  const start = button(`Forget ${plural(devices.length, 'device')}`, 'danger primary', async () => {
    bar.hidden = false;
    outcome = forget(devices, (count) => (bar.value = count), () => dialog.open);
    const { problem } = await outcome;
    if (problem) place.showProblem(problem, 'Administrator');
    else dialog.close();
  });
  const cancel = h('button', { type: 'button', on: { click: () => dialog.close() } }, 'Cancel');
  dialog.append(
    h('dl', { class: 'facts' }, fact('Serial Numbers', h('span', { class: 'serial' }, named(devices))), fact('Owner', 'Nobody has them')),
    h('p', {}, 'Keyfob forgets their secrets. To give them to somebody later, their seed file has to be imported again.'),
    place, bar, h('div', { class: 'actions' }, start, cancel));
  cancel.focus();
  await closed;
  return outcome;
}

async function forget(devices: readonly Device[], progress: (count: number) => void, goesOn: () => boolean): Promise<Forgotten> {
  let [count, kept] = [0, 0];
  for (const { SerialNumber } of devices) {
    if (!goesOn()) break;
    const answer = await call('DeleteDevice', { SerialNumber });
    const code = !answer.ok && answer.problem.kind === 'refused' ? answer.problem.code : undefined;
    if (code === 'DeleteConflict') kept += 1;
    else if (answer.ok || code === 'NoSuchEntity') count += 1;
    else return { count, kept, problem: answer.problem };
    progress(count + kept);
  }
  return { count, kept, problem: undefined };
}

function named(devices: readonly Device[]): string {
  const first = devices.slice(0, MOST_NAMED).map(({ SerialNumber }) => SerialNumber).join(', ');
  return devices.length > MOST_NAMED ? `${first} and ${plural(devices.length - MOST_NAMED, 'other')}` : first;
}
