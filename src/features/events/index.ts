import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';

export const events = feature({ name: 'events', resource: 'event', routes });
