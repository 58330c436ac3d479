import { openPage, pageHead } from '../shell';

await openPage({ page: 'users' }, () => pageHead('Users'));
