import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { accounts } from '../accounts/object.ts';
import { type WebhookEndpointObject, webhookEndpoints } from './object.ts';

/** Deletes an endpoint, and with it whatever waits for it. */
export const deleteWebhookEndpoint = command({
  name: 'webhook_endpoints.delete',

  load: (read, params: { readonly webhook_endpoint: string }, ctx) => ({
    endpoint: read.own(webhookEndpoints, params.webhook_endpoint),
    account: read.find(accounts, ctx.account),
  }),

  decide({ webhook_endpoint: id }, { endpoint, account }) {
    if (!endpoint || endpoint.deleted) {
      return refuse('no_such_in_path', { object: webhookEndpoints.noun, id, param: 'webhook_endpoint' });
    }
    const deleted: WebhookEndpointObject = { ...endpoint, status: 'disabled', deleted: true };
    const others = account?.webhookEndpoints?.filter((other) => other !== endpoint.id) ?? [];
    return { result: deleted, put: [deleted, ...(account ? [{ ...account, webhookEndpoints: others }] : [])] };
  },
});
