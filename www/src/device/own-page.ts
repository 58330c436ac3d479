import { type Session, call, getSession, signOut } from '../api';
import { devicesOf } from '../devices';
import { fill, h, renew } from '../dom';
import { button } from '../elements/button';
import { message } from '../elements/message';
import { goToSignIn, lacksCode } from '../session';
import { pageHead, problemCard } from '../shell';
import { activitySection } from './activity';
import { DevicesSection } from './devices';
import { lostDevice } from './lost';
import { recoverySection } from './recovery';
import { sessionsSection } from './sessions';

export interface OwnPageOptions {
  readonly title: string;
  readonly forRoot?: boolean;
}

/** What somebody sees of the own account. */
export async function showOwnPage(session: Session, options: OwnPageOptions): Promise<HTMLElement> {
  const place = h('div', { class: 'stack' });
  await show(place, session, options);
  return place;
}

/** All of it anew, as most acts change several sections. */
async function show(place: HTMLElement, session: Session, options: OwnPageOptions): Promise<void> {
  const { UserName } = session;
  const changed = () => renew(place, async () => {
    const renewed = await getSession();
    await show(place, renewed.ok ? renewed.value : session, options);
  });
  const [devices, status] = await Promise.all([devicesOf(UserName), call('GetUserStatus', { UserName })]);
  if (!devices.ok) return void fill(place, problemCard(devices.problem));
  if (!status.ok) return void fill(place, problemCard(status.problem));
  const lost = devices.value.length > 0 && button('I lost my device', 'danger', () => lostDevice({ userName: UserName, devices: devices.value, changed }));
  const sections = await Promise.all([sessionsSection(session), activitySection(UserName)]);
  fill(
    place,
    pageHead(options.title, 'The device that shows the codes for your sign-in, and what else lets you in.', lost),
    lacksCode(session) && signInWithCode(),
    new DevicesSection({ session, forRoot: options.forRoot, devices: devices.value, status: status.value, changed }),
    h('div', { class: 'columns' }, recoverySection(UserName, status.value, changed), sections[0]),
    sections[1],
  );
}

/** Who has got a device since the sign-in changes nothing more before one with a code. */
function signInWithCode(): HTMLElement {
  const again = button('Sign in with a code', 'small', async () => {
    await signOut();
    goToSignIn();
  });
  return message('warning', 'Sign in again, with the next code of your device.', h('p', {}, 'Until then you can look, and change nothing.'), h('p', {}, again));
}
