import { type Device, type DeviceWithHistory, call } from '../api';
import { now } from '../clock';
import { deviceKind, deviceName, driftText } from '../devices';
import { type Child, h } from '../dom';
import { button } from '../elements/button';
import { ask } from '../elements/dialog';
import { fact } from '../elements/fact';
import { message } from '../elements/message';
import { date, dateTime, relative } from '../format';
import { pageAddress } from '../query';
import { pageHead, problemCard } from '../shell';
import { driftPicture } from './drift-picture';
import { eventsSection } from './event-list';
import { concerns } from './health';
import { userLink } from './inventory';
import { DEFAULT_POLICY, type Policy, loadPolicy } from './policy';

/** One device: what it is, who has it, how its clock runs, what was done with it. */
export async function deviceDetail(serial: string): Promise<Child> {
  const [answer, policy, events] = await Promise.all([
    call('GetDevice', { SerialNumber: serial }),
    loadPolicy(),
    eventsSection({ SerialNumber: serial }),
  ]);
  const back = h('a', { href: '/devices' }, 'All devices');
  if (!answer.ok) return [pageHead(h('bdi', {}, serial), undefined, back), problemCard(answer.problem, 'Administrator')];
  const device = answer.value;
  document.title = `${deviceName(device)} ${device.SerialNumber} · Keyfob`;
  return [
    pageHead(h('bdi', {}, deviceName(device)), h('span', { class: 'serial' }, device.SerialNumber), h('div', { class: 'actions' }, back, actions(device))),
    h('div', { class: 'stack' }, worries(device, policy.ok ? policy.value : DEFAULT_POLICY),
      h('div', { class: 'columns' }, facts(device), clock(device)), events),
  ];
}

function actions(device: DeviceWithHistory): Child {
  if (!device.UserName) return button('Forget this device', 'danger', () => forget(device));
  return h('a', { class: 'button', href: pageAddress('user', { name: device.UserName }) }, 'Manage');
}

function worries(device: Device, policy: Policy): Child {
  return concerns(device, policy, now()).map(({ label, text }) => message('warning', `${label}.`, h('p', {}, text)));
}

function facts(device: DeviceWithHistory): HTMLElement {
  const { SerialNumber, UserName, EnableDate, Expires, Imported, LastUsed, Algorithm, IsSoftware, Type, Tags } = device;
  return h('section', { class: 'card', 'aria-labelledby': 'facts' }, h('h2', { id: 'facts' }, 'The device'),
    h('dl', { class: 'facts' },
      fact('Serial Number', h('span', { class: 'serial' }, SerialNumber)),
      fact('User', UserName ? userLink(UserName) : 'Nobody has it'),
      EnableDate && fact('Associated', dateTime(EnableDate)),
      fact('Last used', LastUsed ? `${dateTime(LastUsed)} (${relative(LastUsed)})` : 'never'),
      fact('Type', `${IsSoftware ? 'Virtual' : 'Hardware'} ${Type}, ${Algorithm}`),
      fact('Codes', deviceKind(device)),
      fact(IsSoftware ? 'Made' : 'Imported', date(Imported)),
      Expires && fact('Expires', date(Expires)),
      Tags.map(({ Key, Value }) => fact(Key, h('bdi', {}, Value)))));
}

function clock(device: DeviceWithHistory): HTMLElement {
  const points = (device.DriftHistory ?? []).map(({ Time, DriftSeconds }) => ({ time: Time, seconds: DriftSeconds }));
  return h('section', { class: 'card', 'aria-labelledby': 'clock' }, h('h2', { id: 'clock' }, 'Its clock'),
    h('p', {}, driftText(device)), device.Type === 'TOTP' && driftPicture(points));
}

async function forget(device: Device): Promise<void> {
  const isDone = await ask({
    title: 'Forget this device?',
    body: [
      h('dl', { class: 'facts' }, fact('Device', h('bdi', {}, deviceName(device))),
        fact('Serial Number', h('span', { class: 'serial' }, device.SerialNumber)), fact('Owner', 'Nobody has it')),
      h('p', {}, 'Keyfob forgets its secret. To give it to somebody later, its seed file has to be imported again.'),
    ],
    action: 'Forget it',
    isDangerous: true,
    role: 'Administrator',
    run: () => call('DeleteDevice', { SerialNumber: device.SerialNumber }),
  });
  if (isDone) location.assign(pageAddress('devices', { forgotten: device.SerialNumber }));
}
