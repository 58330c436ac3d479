import { openPage, pageHead } from '../shell';

await openPage({ page: 'access-keys' }, () => pageHead('Access keys'));
