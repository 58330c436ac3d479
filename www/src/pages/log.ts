import { openPage, pageHead } from '../shell';

await openPage({ page: 'log' }, () => pageHead('Log'));
