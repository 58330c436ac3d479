import { deviceDetail } from '../administration/device-detail';
import { Inventory } from '../administration/inventory';
import { message } from '../elements/message';
import { keepInQuery, queryValue } from '../query';
import { openPage } from '../shell';

await openPage({ page: 'devices', needs: 'administrator' }, () => {
  const serial = queryValue('serial');
  if (serial !== '') return deviceDetail(serial);
  return [forgotten(queryValue('forgotten')), new Inventory()];
});

/** What was done on a page that is gone. */
function forgotten(serial: string): HTMLElement | undefined {
  if (serial === '') return undefined;
  keepInQuery({ forgotten: '' });
  const told = message('good', `The device ${serial} is forgotten.`);
  told.setAttribute('role', 'status');
  return told;
}
