import { type Feature, feature } from '../../api/feature.ts';
import type { PendingWebhooks } from '../../webhooks/pending.ts';
import { eventRoutes } from './api.ts';

/** @param pending null where routes are only looked at, as data */
export const eventsWith = (pending: PendingWebhooks | null): Feature =>
  feature({ name: 'events', resource: 'event', routes: eventRoutes(pending) });
