import { openPage, pageHead } from '../shell';

await openPage({ page: 'root' }, () => pageHead('Root'));
