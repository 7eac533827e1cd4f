import { CONNECT_ONLY, type EventType, MAIL_ONLY, NAMED_ONLY } from '../data/event-types.ts';
import type { Endpoint } from './endpoint.ts';

/** Not part of `*` either: it would come before anybody knows of the account. */
const alsoNamedOnly: ReadonlySet<EventType> = new Set(['account.application.authorized']);

/**
 * Whether an endpoint is told of an event.
 *
 * An endpoint hears of the account that it belongs to; with `connect` of that platform's connected accounts instead.
 *
 * @param event.account the acct_ id whose event it is
 */
export function selects(
  endpoint: Pick<Endpoint, 'account' | 'connect' | 'enabled_events'>,
  event: { readonly type: EventType; readonly account: string },
): boolean {
  const isOwn = event.account === endpoint.account;
  if (isOwn === (endpoint.connect === true)) return false;
  // Whoever is told of other accounts belongs to the platform: nobody else can have such an endpoint.
  if (MAIL_ONLY.has(event.type) || (isOwn && CONNECT_ONLY.has(event.type))) return false;
  if (endpoint.enabled_events.includes(event.type)) return true;
  return endpoint.enabled_events.includes('*') && !NAMED_ONLY.has(event.type) && !alsoNamedOnly.has(event.type);
}
