import { defaultVersion } from '../../api/respond.ts';
import type { ViewEnv, Wire } from '../../api/view.ts';
import { type EventType, eventTypeOf } from '../../data/event-types.ts';
import { assert } from '../../kernel/assert.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import type { RecordedEvent } from '../../store/reader.ts';
import { asCreated as paymentIntentAsCreated } from '../payment-intents/as-created.ts';
import type { PaymentIntentObject } from '../payment-intents/object.ts';
import { asCreated as setupIntentAsCreated } from '../setup-intents/as-created.ts';
import type { SetupIntentObject } from '../setup-intents/object.ts';
import { previousAttributes } from './difference.ts';

/** Besides `….updated`: types whose object had a life before. */
const tellsOfChange: ReadonlySet<EventType> = new Set([
  'charge.captured',
  'charge.refunded',
  'payout.canceled',
  'payout.failed',
  'payout.paid',
  'topup.canceled',
  'topup.failed',
  'topup.reversed',
  'topup.succeeded',
  'transfer.reversed',
]);

/** Types that tell of an object as it was before other events of the same request. */
const tellsOfBefore: { readonly [type in EventType]?: (object: StoredObject) => StoredObject } = {
  'payment_intent.created': (object) => paymentIntentAsCreated(object as PaymentIntentObject),
  'setup_intent.created': (object) => setupIntentAsCreated(object as SetupIntentObject),
};

/**
 * An event as clients read it. The object is the version that the operation left, or follows from it, so it reads the same
 * for ever.
 *
 * @param render  shows a stored object; of the same version of an object it must always say the same
 * @param pending how many endpoints have not taken it yet; what is sent to them says something else: see `payloadOf`
 */
export function eventView(
  event: RecordedEvent,
  env: ViewEnv,
  render: (object: StoredObject) => Wire,
  pending = 0,
): Wire {
  const type = eventTypeOf(event.type);
  assert(type !== undefined, `the type number ${event.type} of an event is known`);
  const before = tellsOfBefore[type];
  const object =
    'rendered' in event.object ? event.object.rendered : render(before ? before(event.object) : event.object);
  const hasPast = type.endsWith('.updated') || tellsOfChange.has(type);
  return {
    id: event.id,
    object: 'event',
    // Whose news it is, told to a platform of its connected accounts.
    ...(event.account !== env.platform && { account: event.account }),
    api_version: defaultVersion,
    created: event.created,
    data: {
      object,
      ...(hasPast && event.before && { previous_attributes: previousAttributes(render(event.before), object) }),
    },
    livemode: env.livemode,
    pending_webhooks: pending,
    request: { id: event.request.id, idempotency_key: event.request.idempotency_key },
    type,
  };
}
