import { UserList } from '../administration/user-list';
import { openPage } from '../shell';

await openPage({ page: 'users', needs: 'administrator' }, () => new UserList());
