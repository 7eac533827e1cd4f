import type { Wire } from '../../api/view.ts';
import { eventTypeOf } from '../../data/event-types.ts';
import { type Birth, birthOf, mint, prefixOf, spellBirth } from '../../kernel/id.ts';
import { accountId } from '../../ledger/chart.ts';
import type { Attempt, Delivery, DeliveryPlace } from '../../store/deliveries.ts';

const prefix = 'whd';
const width = 16;

/** A delivery is an event and an endpoint, and so is its id. */
const deliveryId = (book: number, { event, endpoint }: DeliveryPlace): string =>
  `${prefix}_${spellBirth(book, event)}${spellBirth(book, endpoint)}`;

/** @returns null for what is no id of a delivery of this book */
export function deliveryPlace(book: number, id: string): DeliveryPlace | null {
  const spelled = id.slice(prefix.length + 1);
  if (prefixOf(id) !== prefix || spelled.length !== 2 * width) return null;
  const born = (text: string): Birth | null => birthOf(`${prefix}_${text}`, book);
  const event = born(spelled.slice(0, width));
  const endpoint = born(spelled.slice(width));
  return event && endpoint && { event, endpoint };
}

const attemptWire = ({ at, error, ms, response, status }: Attempt): Wire => ({
  created: at,
  error,
  latency_ms: ms,
  response,
  status,
});

export const deliveryWire = (delivery: Delivery, book: number): Wire => ({
  id: deliveryId(book, delivery),
  object: 'webhook_delivery',
  account: accountId(delivery.account, book),
  attempts: delivery.attempts.map(attemptWire),
  created: delivery.created,
  event: mint('evt', book, delivery.event),
  event_type: eventTypeOf(delivery.type) ?? null,
  next_attempt: delivery.nextAttempt,
  status: delivery.status,
  webhook_endpoint: mint('we', book, delivery.endpoint),
});
