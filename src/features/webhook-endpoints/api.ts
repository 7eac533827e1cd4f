import { Refused } from '../../api/errors.ts';
import { noSuch } from '../../api/missing.ts';
import { create, list, type Route, read, remove, update } from '../../api/route.ts';
import type { Keyed } from '../../webhooks/secret.ts';
import { createWebhookEndpoint } from './create.ts';
import { deleteWebhookEndpoint } from './delete.ts';
import { webhookEndpoints } from './object.ts';
import { createForm, updateForm } from './params.ts';
import { updateWebhookEndpoint } from './update.ts';
import { madeEndpointViewWith, webhookEndpointView } from './view.ts';

const path = '/v1/webhook_endpoints/:webhook_endpoint';

/** @param allowPrivate whether webhooks may go to loopback and private addresses */
export const routesWith = (keyed: Keyed, allowPrivate: boolean): readonly Route[] => [
  create('/v1/webhook_endpoints', {
    tier: 1,
    summary: 'Has events sent to a URL. The answer shows the secret of the signatures, which is shown only here.',
    params: createForm(allowPrivate),
    command: createWebhookEndpoint,
    view: madeEndpointViewWith(keyed),
  }),
  list('/v1/webhook_endpoints', webhookEndpointView, {
    tier: 1,
    summary: 'The webhook endpoints of the account, newest first.',
  }),
  read(path, {
    tier: 1,
    summary: 'One webhook endpoint.',
    view: webhookEndpointView,
    async handler(reader, { webhook_endpoint: id }) {
      const endpoint = await reader.object(webhookEndpoints, id);
      if (endpoint === null || endpoint.deleted) {
        throw new Refused(noSuch({ kind: webhookEndpoints, id, param: 'webhook_endpoint', inPath: true }));
      }
      return reader.view(endpoint);
    },
  }),
  update(path, {
    tier: 1,
    summary: 'Changes where events are sent to, which ones, and whether at all.',
    params: updateForm(allowPrivate),
    command: updateWebhookEndpoint,
    view: webhookEndpointView,
  }),
  remove(path, {
    tier: 1,
    summary: 'Deletes a webhook endpoint, and what waits for it.',
    command: deleteWebhookEndpoint,
    view: webhookEndpointView,
  }),
];
