import { accessKeysPage } from '../administration/access-keys';
import { openPage } from '../shell';

await openPage({ page: 'access-keys', needs: 'administrator' }, accessKeysPage);
