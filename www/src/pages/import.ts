import { Import } from '../administration/import';
import { openPage } from '../shell';

await openPage({ page: 'import', needs: 'administrator' }, () => new Import());
