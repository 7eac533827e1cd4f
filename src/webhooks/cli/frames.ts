import type { UnixSeconds } from '../../kernel/time.ts';
import { signatureOf } from '../signature.ts';
import type { AnsweredRequest } from './filters.ts';

/** What goes through the socket: JSON texts, each with a `type`. */

/**
 * An event. The command line sends body and headers on as they are.
 *
 * @param body   the event as text
 * @param secret of the session
 */
export function eventFrame(id: string, body: string, secret: string, now: UnixSeconds): string {
  const name = id.slice(id.lastIndexOf('_') + 1);
  return JSON.stringify({
    type: 'webhook_event',
    // null: of the account's own version.
    endpoint: { api_version: null },
    event_payload: body,
    http_headers: {
      Accept: '*/*; q=0.5, application/xml',
      'Cache-Control': 'no-cache',
      'Content-Type': 'application/json; charset=utf-8',
      'Stripe-Signature': signatureOf([secret], now, body),
      'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    },
    webhook_conversation_id: `wc_${name}`,
    webhook_id: `wh_${name}`,
  });
}

export function requestFrame(request: AnsweredRequest, livemode: boolean): string {
  const { id, method, path, status, created, error } = request;
  const { type, charge, code, decline_code, message, param } = error ?? {};
  return JSON.stringify({
    type: 'request_log_event',
    request_log_id: `resp_${id.slice(id.lastIndexOf('_') + 1)}`,
    event_payload: JSON.stringify({
      created_at: created,
      livemode,
      method,
      request_id: id,
      status,
      url: path,
      error: { type, charge, code, decline_code, message, param },
    }),
  });
}

/** The event that a message from the command line says has arrived; null for any other message. */
export function acknowledged(text: string): string | null {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof message !== 'object' || message === null) return null;
  const { type, event_id: id } = message as { type?: unknown; event_id?: unknown };
  return type === 'event_ack' && typeof id === 'string' ? id : null;
}
