import { openPage, pageHead } from '../shell';

await openPage({ page: 'device' }, () => pageHead('My device'));
