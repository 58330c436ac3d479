import { type Device, call } from '../api';
import { deviceName } from '../devices';
import { h } from '../dom';
import { button } from '../elements/button';
import { openDialog } from '../elements/dialog';
import { MessagePlace } from '../elements/message';
import { makeRecoveryCodes } from '../elements/recovery-codes';
import { masked } from '../format';

/** Disables a lost device, then offers new recovery codes, which go with another device, and the way to the next one. */
export async function lostDevice(userName: string, devices: readonly Device[], changed: () => Promise<void>): Promise<void> {
  const { dialog, closed } = openDialog('A device is lost');
  const problem = new MessagePlace();
  const rows = devices.map((device) => h('li', { class: 'row' }, description(device), disable(device)));
  dialog.append(
    h('p', {}, 'Which one is lost? It is disabled at once: nobody can sign in with it any more, and whoever finds it can hand it to an administrator.'),
    problem,
    h('ul', { class: 'plain-list' }, rows),
    h('div', { class: 'actions' }, button('Cancel', '', () => dialog.close())),
  );
  const disabled = await closed;
  if (disabled === '') return;
  if (devices.length > 1) await makeRecoveryCodes(userName, true);
  await changed();
  offerNext();

  function disable(device: Device): HTMLElement {
    const made = button('Disable it', 'danger small', async () => {
      const answer = await call('DeactivateMFADevice', { SerialNumber: device.SerialNumber, UserName: userName });
      if (answer.ok) dialog.close(device.SerialNumber);
      else problem.showProblem(answer.problem);
    });
    made.setAttribute('aria-label', `Disable ${deviceName(device)} ${masked(device.SerialNumber)} of ${userName}`);
    return made;
  }
}

function description(device: Device): HTMLElement {
  return h('div', {}, h('p', {}, h('strong', {}, deviceName(device))), h('p', { class: 'serial' }, masked(device.SerialNumber)));
}

/** The way to the next device stands on the page: lead there. */
function offerNext(): void {
  document.querySelector<HTMLElement>('[data-associate]')?.focus();
}
