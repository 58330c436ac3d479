import { openPage, pageHead } from '../shell';

await openPage({ page: 'required' }, () => pageHead('Required'));
