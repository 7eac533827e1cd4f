import { mergeMetadata, type ParamsOf } from '../../api/params.ts';
import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type WebhookEndpointObject, webhookEndpoints } from './object.ts';
import type { updateForm } from './params.ts';
import { refuseUrl } from './rules.ts';

export type UpdateWebhookEndpoint = ParamsOf<ReturnType<typeof updateForm>> & { readonly webhook_endpoint: string };

/** Changes an endpoint. Disabling gives up what waits for it; enabled again, it is told of what happens from then on. */
export const updateWebhookEndpoint = command({
  name: 'webhook_endpoints.update',

  load: (read, { webhook_endpoint }: UpdateWebhookEndpoint) => ({
    endpoint: read.own(webhookEndpoints, webhook_endpoint),
  }),

  decide(params, { endpoint }, ctx) {
    const { webhook_endpoint: id } = params;
    if (!endpoint || endpoint.deleted) {
      return refuse('no_such_in_path', { object: webhookEndpoints.noun, id, param: 'webhook_endpoint' });
    }
    const refusal = params.url === undefined ? null : refuseUrl(params.url, ctx.livemode);
    if (refusal) return refusal;
    const { description: before, ...rest } = endpoint;
    const description = params.description === undefined ? before : (params.description ?? undefined);
    const changed: WebhookEndpointObject = {
      ...rest,
      ...(description !== undefined && { description }),
      ...(params.url !== undefined && { url: params.url }),
      ...(params.enabled_events !== undefined && { enabled_events: params.enabled_events }),
      ...(params.disabled !== undefined && { status: params.disabled ? 'disabled' : 'enabled' }),
      metadata: mergeMetadata(endpoint.metadata, params.metadata),
    };
    return { result: changed, put: [changed] };
  },
});
