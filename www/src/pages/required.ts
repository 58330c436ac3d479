import { requiredPage } from '../administration/required';
import { openPage } from '../shell';

await openPage({ page: 'required', needs: 'administrator' }, requiredPage);
