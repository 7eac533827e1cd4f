import { command } from '../../engine/command.ts';
import type { Engine } from '../../engine/engine.ts';
import { refuse } from '../../kernel/refusal.ts';
import { SECONDS_PER_DAY } from '../../kernel/time.ts';
import type { Disabling } from '../../webhooks/endpoint-queue.ts';
import { type WebhookEndpointObject, webhookEndpoints } from './object.ts';

/** The endpoint that failed, and where it was when it did. */
export interface DisableFailing {
  readonly webhook_endpoint: string;
  readonly url: string;
}

/** Disables an endpoint that took nothing for days; refused, which leaves no trace, when there is no such endpoint any more. */
export const disableFailing = command({
  name: 'webhook_endpoints.disable_failing',

  load: (read, { webhook_endpoint }: DisableFailing) => ({ endpoint: read.find(webhookEndpoints, webhook_endpoint) }),

  decide({ webhook_endpoint: id, url }, { endpoint }) {
    // Another server was first, or its owner changed it meanwhile.
    if (endpoint?.status !== 'enabled' || endpoint.url !== url) {
      return refuse('no_such', { object: webhookEndpoints.noun, id, param: 'webhook_endpoint' });
    }
    const disabled: WebhookEndpointObject = { ...endpoint, status: 'disabled' };
    return { result: disabled, put: [disabled] };
  },
});

/**
 * Has the engine disable endpoints that fail for `days` days.
 *
 * @param onDisabled told of each once, whichever server disabled it: here alone the operator hears of it
 */
export const disablingAfter = (days: number, engine: Engine, onDisabled: (endpoint: string) => void): Disabling => ({
  afterMs: days * SECONDS_PER_DAY * 1000,
  async disable(book, { id, url }) {
    const params: DisableFailing = { webhook_endpoint: id, url };
    const outcome = await engine.submit(book, {
      command: disableFailing,
      params,
      request: { account: null, id: null, idempotency: null },
      refusalBody: () => '',
    });
    if (outcome.kind === 'decided' && outcome.object !== null) onDisabled(id);
  },
});
