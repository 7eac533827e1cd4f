import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';

export const eventsFeature = feature({ name: 'events', routes });
