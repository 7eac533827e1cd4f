import { envOf } from '../../src/api/auth.ts';
import { command } from '../../src/engine/command.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { eventView } from '../../src/features/events/view.ts';
import { secretsOf } from '../../src/features/platforms/secrets.ts';
import { createWebhookEndpoint } from '../../src/features/webhook-endpoints/create.ts';
import { deleteWebhookEndpoint } from '../../src/features/webhook-endpoints/delete.ts';
import { type WebhookEndpointObject, webhookEndpoints } from '../../src/features/webhook-endpoints/object.ts';
import { updateWebhookEndpoint } from '../../src/features/webhook-endpoints/update.ts';
import { birthOf, type Id } from '../../src/kernel/id.ts';
import type { Kind } from '../../src/kernel/kind.ts';
import type { Delivery, DeliveryStore } from '../../src/store/deliveries.ts';
import type { PostgresDeliveries } from '../../src/store/postgres/deliveries.ts';
import type { PostgresStore } from '../../src/store/postgres/postgres.ts';
import { signingSecretOf } from '../../src/webhooks/secret.ts';
import { startWebhooks, type WebhookOptions, type Webhooks } from '../../src/webhooks/worker.ts';
import { deposit, idOf, kinds, openBook, task, toyEngine } from '../support/toy.ts';

const allKinds = new Map([...kinds, ['we', webhookEndpoints as Kind]]);

const { keyed } = secretsOf({ adminKey: null, deterministicSeed: 1 });

/** What an endpoint's deliveries are signed with. */
export const secretOf = (endpoint: WebhookEndpointObject): string => signingSecretOf(endpoint, keyed);

let nextBook = 1;

const putEndpoint = command({
  name: 'toy.put_endpoint',
  load: () => null,
  decide: (endpoint: WebhookEndpointObject) => ({ result: endpoint, put: [endpoint] }),
});

/** A bank as small as one can be, in a book of its own, with endpoints. */
export class Rig {
  readonly store: PostgresStore;
  readonly deliveries: PostgresDeliveries;
  readonly engine: Engine;
  readonly book: number;
  accounts: Id<'acct'>[] = [];

  private constructor(store: PostgresStore, deliveries: PostgresDeliveries) {
    this.store = store;
    this.deliveries = deliveries;
    this.engine = toyEngine(store, { kinds: allKinds });
    this.book = nextBook++;
  }

  static async open(
    store: PostgresStore,
    deliveries: PostgresDeliveries,
    accounts = 1,
    livemode = false,
  ): Promise<Rig> {
    const rig = new Rig(store, deliveries);
    rig.accounts = await openBook(store, rig.engine, rig.book, accounts, livemode);
    return rig;
  }

  /** A worker, impatient so that tests need not be patient. */
  work(options: Partial<WebhookOptions> = {}): Webhooks {
    return startWebhooks({
      deliveries: this.deliveries as DeliveryStore,
      render: (event, { book, livemode }) =>
        eventView(event, envOf(book, livemode), (object) => ({ object: 'topup', ...object })),
      keyed,
      allowPrivate: true,
      pollMs: 50,
      pauses: { test: [0.1, 0.1, 0.1], live: [] },
      onError: (error) => console.error(error),
      ...options,
    });
  }

  async endpoint(
    url: string,
    given: { enabled_events?: string[]; connect?: boolean; account?: Id<'acct'> } = {},
  ): Promise<WebhookEndpointObject> {
    const params = { url, enabled_events: given.enabled_events ?? ['*'], connect: given.connect ?? false };
    const asked = task(createWebhookEndpoint, params);
    const outcome = await this.engine.submit(this.book, {
      ...asked,
      request: { ...asked.request, account: given.account ?? null },
    });
    if (outcome.kind === 'refused' || outcome.object === null) throw new Error('no endpoint was made');
    return outcome.object as WebhookEndpointObject;
  }

  /** As `endpoint`, in a live book, where a URL must be https and the receivers of tests are not. */
  async plainEndpoint(url: string): Promise<WebhookEndpointObject> {
    const made = await this.endpoint('https://127.0.0.1:1/');
    await this.engine.submit(this.book, task(putEndpoint, { ...made, url }));
    return { ...made, url };
  }

  async statusOf({ id }: WebhookEndpointObject): Promise<string | undefined> {
    const birth = birthOf(id, this.book);
    const found = birth && (await this.store.reader.object(this.book, birth));
    return (found as WebhookEndpointObject | null)?.status;
  }

  update(endpoint: WebhookEndpointObject, change: object) {
    return this.engine.submit(this.book, task(updateWebhookEndpoint, { webhook_endpoint: endpoint.id, ...change }));
  }

  remove({ id }: WebhookEndpointObject) {
    return this.engine.submit(this.book, task(deleteWebhookEndpoint, { webhook_endpoint: id }));
  }

  /** Something happens: each is a topup.succeeded. @returns the ids of the notes, in order */
  happen(count = 1, to = this.accounts[0]): Promise<string[]> {
    return Promise.all(
      Array.from({ length: count }, async () =>
        idOf(await this.engine.submit(this.book, task(deposit, { to, amount: 1 }))),
      ),
    );
  }

  async deliveriesOf({ id }: WebhookEndpointObject, limit = 1000): Promise<readonly Delivery[]> {
    const endpoint = birthOf(id, this.book);
    if (endpoint === null) throw new Error(`${id} is not of this book`);
    return (await this.deliveries.list({ book: this.book, limit, endpoint })).items;
  }
}
