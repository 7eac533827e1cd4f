import { type Feature, feature } from '../../api/feature.ts';
import { routesWith } from './api.ts';
import { platforms } from './object.ts';
import type { Secrets } from './secrets.ts';

/** @param secrets from the configuration: the one feature that needs to know something of it */
export const platformsWith = (secrets: Secrets): Feature =>
  feature({ name: 'platforms', resource: null, kinds: [platforms], routes: routesWith(secrets) });
