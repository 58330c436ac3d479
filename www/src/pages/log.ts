import { Log } from '../administration/log';
import { openPage } from '../shell';

await openPage({ page: 'log', needs: 'administrator' }, () => new Log());
