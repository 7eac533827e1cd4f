import { type Feature, feature } from '../../api/feature.ts';
import type { Keyed } from '../../webhooks/secret.ts';
import { routesWith } from './api.ts';
import { type DeliveryParts, deliveryRoutes } from './deliveries.ts';
import { webhookEndpoints as kind } from './object.ts';
import { webhookEndpointView } from './view.ts';

/** Where accounts are told of events. */
export const webhookEndpointsWith = (keyed: Keyed, allowPrivate: boolean): Feature =>
  feature({
    name: 'webhook-endpoints',
    resource: 'webhook',
    kinds: [kind],
    views: [webhookEndpointView],
    routes: routesWith(keyed, allowPrivate),
  });

/** What became of it, and telling again. */
export const webhookDeliveriesWith = (parts: DeliveryParts): Feature =>
  feature({ name: 'webhook-deliveries', resource: 'webhook', routes: deliveryRoutes(parts) });
