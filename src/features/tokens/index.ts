import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { tokens as kind } from './object.ts';
import { tokenView } from './view.ts';

/** Cards and bank accounts between the moment they were entered and their one use. */
export const tokens = feature({ name: 'tokens', resource: 'token', kinds: [kind], views: [tokenView], routes });
