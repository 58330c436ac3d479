import { openPage, pageHead } from '../shell';

await openPage({ page: 'user' }, () => pageHead('User'));
