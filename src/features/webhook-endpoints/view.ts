import { type View, type ViewEnv, view, type Wire } from '../../api/view.ts';
import { type Keyed, signingSecretOf } from '../../webhooks/secret.ts';
import { type WebhookEndpointObject, webhookEndpoints } from './object.ts';

export const webhookEndpointView = view<WebhookEndpointObject>({
  kind: webhookEndpoints,
  expandable: [],
  render: (endpoint, env) => render(endpoint, env, {}),
});

/** The answer to who made it: the one place that shows the secret. */
export const madeEndpointViewWith = (keyed: Keyed): View<WebhookEndpointObject> =>
  view({
    kind: webhookEndpoints,
    expandable: [],
    render: (endpoint, env) => render(endpoint, env, { secret: signingSecretOf(endpoint, keyed) }),
  });

function render(endpoint: WebhookEndpointObject, { application, livemode }: ViewEnv, shown: { secret?: string }): Wire {
  if (endpoint.deleted) return { id: endpoint.id, object: webhookEndpoints.object, deleted: true };
  return {
    id: endpoint.id,
    object: webhookEndpoints.object,
    api_version: endpoint.api_version ?? null,
    // By this clients tell endpoints of connected accounts' events from others.
    application: endpoint.connect ? application : null,
    created: endpoint.created,
    description: endpoint.description ?? null,
    enabled_events: endpoint.enabled_events,
    livemode,
    metadata: endpoint.metadata,
    ...shown,
    status: endpoint.status,
    url: endpoint.url,
  };
}
