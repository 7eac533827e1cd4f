import { type Metadata, mergeMetadata, type ParamsOf } from '../../api/params.ts';
import { limits } from '../../data/limits.ts';
import { command } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { refuse } from '../../kernel/refusal.ts';
import { accounts } from '../accounts/object.ts';
import type { WebhookEndpointObject } from './object.ts';
import type { createForm } from './params.ts';
import { refuseUrl } from './rules.ts';

export type CreateWebhookEndpoint = ParamsOf<ReturnType<typeof createForm>>;

/** Makes an endpoint of the acting account. It is told of what happens from now on. */
export const createWebhookEndpoint = command({
  name: 'webhook_endpoints.create',

  load: (read, _: CreateWebhookEndpoint, ctx) => ({ account: read.find(accounts, ctx.account) }),

  decide(params, { account }, ctx) {
    assert(account !== undefined, 'who acts has an account');
    const refusal = refuseUrl(params.url, ctx.livemode);
    if (refusal) return refusal;
    if (params.connect && ctx.onBehalf) {
      return refuse('invalid_value', {
        param: 'connect',
        reason: 'a connected account has no accounts of its own; leave out the Stripe-Account header',
      });
    }
    const before = account.webhookEndpoints ?? [];
    if (before.length >= limits.webhookEndpointsMax) {
      const mode = ctx.livemode ? 'live' : 'test';
      return refuse('webhook_endpoint_limit', { maximum: limits.webhookEndpointsMax, mode });
    }
    const id = ctx.id('we');
    const metadata: Metadata | null | undefined = params.metadata;
    const endpoint: WebhookEndpointObject = {
      id,
      account: ctx.account,
      created: ctx.now,
      url: params.url,
      enabled_events: params.enabled_events,
      ...(params.connect && { connect: true }),
      ...(params.api_version !== undefined && { api_version: params.api_version }),
      ...(params.description != null && { description: params.description }),
      metadata: mergeMetadata(undefined, metadata ?? undefined),
      status: 'enabled',
    };
    return { result: endpoint, put: [endpoint, { ...account, webhookEndpoints: [...before, id] }] };
  },
});
