import { Refused } from '../../api/errors.ts';
import { listOf, paging, placeOf } from '../../api/list.ts';
import { noSuch } from '../../api/missing.ts';
import { boolean, form, id, oneOf, optional } from '../../api/params.ts';
import type { Read } from '../../api/read.ts';
import { admin, type ReadRoute, type Route, read } from '../../api/route.ts';
import type { ViewEnv, Wire } from '../../api/view.ts';
import { limits } from '../../data/limits.ts';
import { assert } from '../../kernel/assert.ts';
import { type Birth, birthOf, prefixOf } from '../../kernel/id.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { refuse } from '../../kernel/refusal.ts';
import { accountNo } from '../../ledger/chart.ts';
import { type DeliveryStore, deliveryStatuses } from '../../store/deliveries.ts';
import type { RecordedEvent } from '../../store/reader.ts';
import { isEnabled } from '../../webhooks/endpoint.ts';
import type { PendingWebhooks } from '../../webhooks/pending.ts';
import { maySee } from '../accounts/access.ts';
import { accounts } from '../accounts/object.ts';
import { deliveryPlace, deliveryWire } from './delivery-wire.ts';
import { webhookEndpoints } from './object.ts';

export interface DeliveryParts {
  /** Null where routes are only looked at, as data. */
  readonly deliveries: DeliveryStore | null;
  /** Command lines that listen. */
  readonly listeners: { resend(book: number, event: RecordedEvent): void } | null;
  /** How the API shows an event. */
  readonly eventWire: (
    event: RecordedEvent,
    env: ViewEnv,
    render: (object: StoredObject) => Wire,
    pending?: number,
  ) => Wire;
  readonly pending: PendingWebhooks | null;
}

const deliveryNoun = 'webhook delivery';
const adminPath = '/evenkeel/v1/deliveries';

/** Where an id says that its thing was born; null for other things and other books. */
const bornAs = (prefix: string, id: string, book: number): Birth | null =>
  prefixOf(id) === prefix ? birthOf(id, book) : null;

/** A POST that changes nothing in the book, so that no command stands behind it. */
const post = (route: Route): Route => {
  assert(route.kind === 'read', 'only what reads is turned into a POST');
  const asked: ReadRoute = { ...route, method: 'POST' };
  return asked;
};

function storeOf({ deliveries }: DeliveryParts): DeliveryStore {
  assert(deliveries !== null, 'who serves has deliveries');
  return deliveries;
}

export const deliveryRoutes = (parts: DeliveryParts): readonly Route[] => [
  post(
    read('/v1/events/:id/retry', {
      tier: 2,
      summary: 'Sends an event to a webhook endpoint, again or for the first time.',
      params: form({
        account: optional(id()),
        for_stripecli: optional(boolean()),
        webhook_endpoint: optional(id()),
      }),
      async handler(reader, params) {
        const deliveries = storeOf(parts);
        const event = await eventNamed(reader, params.id, params.account);
        if (params.webhook_endpoint !== undefined) {
          await resend(reader, deliveries, event, params.webhook_endpoint);
        } else if (params.for_stripecli) {
          parts.listeners?.resend(reader.book, event);
        } else {
          throw new Refused(refuse('missing_parameter', { name: 'webhook_endpoint' }));
        }
        const [pending] = (await parts.pending?.of(reader.book, [event])) ?? [];
        return parts.eventWire(event, reader.env, (object) => reader.view(object), pending);
      },
    }),
  ),

  admin('GET', adminPath, {
    tier: 2,
    summary: 'What became of events that webhook endpoints were to be told of, newest first, with every attempt.',
    params: form({
      event: optional(id()),
      status: optional(oneOf(deliveryStatuses)),
      webhook_endpoint: optional(id()),
      ...paging,
    }),
    async handler({ read: reader, params }) {
      assert(reader !== null, 'deliveries are of a platform');
      const { book } = reader;
      const { event: eventId, webhook_endpoint: endpointId, status } = params;
      const event = eventId === undefined ? undefined : bornAs('evt', eventId, book);
      const endpoint = endpointId === undefined ? undefined : bornAs('we', endpointId, book);
      if (event === null) {
        throw new Refused(refuse('no_such', { object: 'event', id: eventId ?? '', param: 'event' }));
      }
      if (endpoint === null) {
        const param = 'webhook_endpoint';
        throw new Refused(noSuch({ kind: webhookEndpoints, id: endpointId ?? '', param, inPath: false }));
      }
      // The ends are told apart by events alone; which endpoint the cursor names, its id says.
      await placeOf(params, deliveryNoun, async (cursor) => deliveryPlace(book, cursor)?.event ?? null);
      const after = params.starting_after === undefined ? null : deliveryPlace(book, params.starting_after);
      const before = params.ending_before === undefined ? null : deliveryPlace(book, params.ending_before);
      const page = await storeOf(parts).list({
        book,
        limit: params.limit ?? limits.pageSizeDefault,
        ...(after && { after }),
        ...(before && { before }),
        ...(event && { event }),
        ...(endpoint && { endpoint }),
        ...(status && { status }),
      });
      return listOf(
        adminPath,
        page.items.map((delivery) => deliveryWire(delivery, book)),
        page.hasMore,
      );
    },
  }),
];

function birthIn({ id: eventId }: RecordedEvent, book: number): Birth {
  const birth = birthOf(eventId, book);
  assert(birth !== null, 'an event was born in its book');
  return birth;
}

/** The event, of the acting account or of the connected account that is named. @throws Refused */
async function eventNamed(reader: Read, eventId: string, account: string | undefined): Promise<RecordedEvent> {
  const { book, env } = reader;
  let owner = reader.account;
  if (account !== undefined) {
    if (!maySee(env, await reader.anywhere(accounts, account))) {
      throw new Refused(refuse('account_access', { key: reader.maskedKey, id: account }));
    }
    owner = accountNo(account, book);
  }
  const birth = bornAs('evt', eventId, book);
  const event = birth && (await reader.store.event(book, owner, birth));
  if (!event) throw new Refused(refuse('no_such_in_path', { object: 'event', id: eventId, param: 'id' }));
  return event;
}

async function resend(reader: Read, deliveries: DeliveryStore, event: RecordedEvent, endpointId: string) {
  const { book } = reader;
  const endpoint = await reader.object(webhookEndpoints, endpointId);
  const place = birthOf(endpointId, book);
  if (endpoint === null || endpoint.deleted || place === null) {
    const param = 'webhook_endpoint';
    throw new Refused(noSuch({ kind: webhookEndpoints, id: endpointId, param, inPath: false }));
  }
  if (!isEnabled(endpoint)) {
    throw new Refused(refuse('invalid_value', { param: 'webhook_endpoint', reason: 'the endpoint is disabled' }));
  }
  await deliveries.resend(book, {
    event: birthIn(event, book),
    endpoint: place,
    account: accountNo(event.account, book),
    type: event.type,
  });
}
