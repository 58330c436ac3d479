import { openPage, pageHead } from '../shell';

await openPage({ page: 'devices' }, () => pageHead('Devices'));
