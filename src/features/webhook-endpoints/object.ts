import { kind } from '../../kernel/kind.ts';
import type { Endpoint } from '../../webhooks/endpoint.ts';

/**
 * Where an account is told of events. The secret of its signatures stands nowhere; it is shown in the answer to the request
 * that makes the endpoint, and never again.
 */
export interface WebhookEndpointObject extends Endpoint {
  readonly description?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Number and first ref are named by an index of schema 0005, by which the worker finds books with somebody to tell. */
export const webhookEndpoints = kind<WebhookEndpointObject>({
  no: 30,
  object: 'webhook_endpoint',
  prefixes: ['we'],
  noun: 'webhook endpoint',
  refs: ['status'],
});
