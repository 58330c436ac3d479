import { h } from '../dom';
import { showFrame } from '../shell';

showFrame({}, h('h1', {}, 'Sign in'));
