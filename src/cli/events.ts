import type { Config } from '../config.ts';
import { platformClient } from './client.ts';

export interface ResendOptions {
  readonly webhookEndpoint?: string;
  /** The connected account whose event it is. */
  readonly account?: string;
}

/** `evenkeel events resend`: to an endpoint, or to all that listen. */
export async function resendEvent(config: Config, id: string, options: ResendOptions): Promise<number> {
  const { webhookEndpoint, account } = options;
  const event = await platformClient(config).post(`/v1/events/${encodeURIComponent(id)}/retry`, {
    ...(account !== undefined && { account }),
    ...(webhookEndpoint === undefined ? { for_stripecli: true } : { webhook_endpoint: webhookEndpoint }),
  });
  console.log(`${event.id}  ${event.type}  sent to ${webhookEndpoint ?? 'all that listen'}`);
  return 0;
}
