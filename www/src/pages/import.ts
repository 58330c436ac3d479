import { openPage, pageHead } from '../shell';

await openPage({ page: 'import' }, () => pageHead('Import'));
