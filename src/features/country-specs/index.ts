import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';

/** What the country of an account means for it. */
export const countrySpecs = feature({ name: 'country-specs', resource: 'account', routes });
