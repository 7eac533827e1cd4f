import { type Feature, feature } from '../../api/feature.ts';
import type { Secrets } from '../platforms/secrets.ts';
import { routesWith } from './api.ts';

/** What lets requests in: a platform's secret, restricted and publishable keys. */
export const apiKeysWith = (secrets: Secrets): Feature =>
  feature({ name: 'api-keys', resource: null, routes: routesWith(secrets) });
