import type { Endpoint } from './endpoint.ts';

export type EventWire = Readonly<Record<string, unknown>>;

/**
 * The bytes that an endpoint gets of an event: the event as the API shows it, with `account` only for whoever hears of other
 * accounts, the version that the endpoint asked for, and the number of endpoints that the event went out to.
 */
export function payloadOf(
  wire: EventWire,
  { connect, api_version }: Pick<Endpoint, 'connect' | 'api_version'>,
  endpoints: number,
): string {
  const entries = Object.entries(wire).flatMap(([key, value]): [string, unknown][] => {
    if (key === 'account') return connect ? [[key, value]] : [];
    if (key === 'api_version') return [[key, api_version ?? value]];
    return [[key, key === 'pending_webhooks' ? endpoints : value]];
  });
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}
