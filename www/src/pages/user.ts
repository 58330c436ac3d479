import { type Session, type UserStatus, call } from '../api';
import { activitySection } from '../device/activity';
import { DevicesSection } from '../device/devices';
import { lostDevice } from '../device/lost';
import { recoverySection } from '../device/recovery';
import { sessionsSection } from '../device/sessions';
import { throttleSection } from '../device/throttle';
import { devicesOf } from '../devices';
import { type Child, fill, h, renew } from '../dom';
import { button } from '../elements/button';
import { pageAddress } from '../query';
import { openPage, pageHead, problemCard } from '../shell';

await openPage({ page: 'users', needs: 'administrator' }, async (session) => {
  const userName = new URLSearchParams(location.search).get('name') ?? '';
  const place = h('div', { class: 'stack' });
  await show(place, session, userName);
  return place;
});

async function show(place: HTMLElement, session: Session, userName: string): Promise<void> {
  const changed = () => renew(place, () => show(place, session, userName));
  const [devices, status] = await Promise.all([devicesOf(userName), call('GetUserStatus', { UserName: userName })]);
  if (!devices.ok) return void fill(place, head(userName), problemCard(devices.problem, session.Role));
  if (!status.ok) return void fill(place, head(userName), problemCard(status.problem, session.Role));
  const sections = await Promise.all([sessionsSection(session, userName), activitySection(userName)]);
  const lost = button('The device is lost', 'danger', () => lostDevice({ userName, devices: devices.value, mayIssueCode: true, changed }));
  fill(
    place,
    head(userName, status.value, devices.value.length > 0 && lost),
    new DevicesSection({ session, devices: devices.value, status: status.value, changed }),
    h('div', { class: 'columns' }, throttleSection(status.value, changed), recoverySection(userName, status.value, changed)),
    h('div', { class: 'columns' }, sections),
  );
}

function head(userName: string, status?: UserStatus, ...actions: Child[]): HTMLElement {
  document.title = `${userName} · Keyfob`;
  const name = h('bdi', {}, userName);
  const uid = typeof status?.Uid === 'number' ? `User number ${status.Uid}` : undefined;
  return pageHead(name, uid, h('div', { class: 'actions' }, h('a', { href: '/users' }, 'All users'), h('a', { href: pageAddress('log', { user: userName }) }, 'Log'), actions));
}
