import type { EventType } from '../../data/event-types.ts';
import { eventTypeOf } from '../../data/event-types.ts';
import { type Birth, birthOf, prefixOf } from '../../kernel/id.ts';
import type { Kind, StoredObject } from '../../kernel/kind.ts';
import { minor } from '../../kernel/money.ts';
import { accountId } from '../../ledger/chart.ts';
import type { RecordedEvent } from '../../store/reader.ts';
import { type AccountObject, accounts, type ExternalAccount } from '../accounts/object.ts';
import { charges } from '../charges/object.ts';
import type { DisputeObject } from '../disputes/object.ts';
import { isInquiry } from '../disputes/rules.ts';
import type { HoldingNoticeWire } from '../payouts/holding-notice.ts';
import type { PayoutObject } from '../payouts/object.ts';
import type { RefundObject } from '../refunds/object.ts';
import { transferReversals } from '../transfer-reversals/object.ts';
import { type TransferObject, transfers } from '../transfers/object.ts';
import { isEnabled } from './object.ts';
import { debited, disputed, drawn, held, letter, paused, refunded, type Template } from './templates.ts';

/** Reads objects by where they were born. */
export interface Objects {
  object(book: number, birth: Birth): Promise<StoredObject | null>;
}

/** One event with what it takes to find out whom it concerns. */
class Case {
  readonly event: RecordedEvent;
  readonly book: number;
  readonly #objects: Objects;

  constructor(event: RecordedEvent, book: number, objects: Objects) {
    this.event = event;
    this.book = book;
    this.#objects = objects;
  }

  get platform(): string {
    return accountId(1, this.book);
  }

  async find<T extends StoredObject>(kind: Kind<T>, id: string | undefined): Promise<T | null> {
    const birth = id === undefined || !kind.prefixes.includes(prefixOf(id)) ? null : birthOf(id, this.book);
    const object = birth === null ? null : await this.#objects.object(this.book, birth);
    return object?.id === id ? (object as T) : null;
  }
}

/** Whom to tell what. */
interface Told {
  readonly account: string;
  readonly template: (owner: AccountObject, platform: string) => Template | null;
}

type Teller = (given: Case) => Promise<Told | null>;

const stored = <T extends StoredObject>({ event }: Case): T | null =>
  'rendered' in event.object ? null : (event.object as T);

/** Once, when its reversal is made: with the refund, or later if it had to wait for funds (R66). */
const tellOfRefund: Teller = async (given) => {
  const refund = stored<RefundObject>(given);
  const before = given.event.before as RefundObject | null;
  if (!refund?.transfer_reversal || before?.transfer_reversal) return null;
  const reversal = await given.find(transferReversals, refund.transfer_reversal);
  const transfer = reversal && (await given.find(transfers, reversal.transfer));
  if (!reversal || !transfer) return null;
  const { charge, reason } = refund;
  return {
    account: transfer.destination,
    template: (_, platform) => refunded({ taken: reversal, charge, reason, platform }),
  };
};

/** Whoever made the sale: the account of a direct charge, or the destination of the platform's. */
const tellOfDispute: Teller = async (given) => {
  const dispute = stored<DisputeObject>(given);
  const charge = dispute && (await given.find(charges, dispute.charge));
  if (!dispute || !charge) return null;
  const isDebited = dispute.account !== given.platform;
  const account = isDebited ? dispute.account : charge.transfer_data?.destination;
  if (account === undefined) return null;
  const { fee, reason } = dispute;
  return {
    account,
    template: (_, platform) =>
      disputed({ amount: dispute, fee, charge: charge.id, reason, isInquiry: isInquiry(dispute), isDebited, platform }),
  };
};

/** A transfer from a connected account to the platform is an account debit, in either of its forms. */
const tellOfDebit: Teller = async (given) => {
  const transfer = stored<TransferObject>(given);
  if (transfer?.destination !== given.platform || transfer.account === given.platform) return null;
  const { account, description, id } = transfer;
  return { account, template: (_, platform) => debited({ amount: transfer, description, transfer: id, platform }) };
};

const tellOfBankDebit: Teller = async (given) => {
  const payout = stored<PayoutObject>(given);
  if (!payout?.coversNegative) return null;
  const { account, arrival_date: arrival, currency, destination, id } = payout;
  const amount = { amount: minor(-payout.amount), currency };
  return {
    account,
    template: ({ external_accounts }) =>
      drawn({ amount, external: external_accounts.find((each) => each.id === destination), arrival, payout: id }),
  };
};

const tellOfPause: Teller = async ({ event }) => {
  const rendered = 'rendered' in event.object ? event.object.rendered : {};
  if (rendered.status !== 'errored') return null;
  const external = rendered as unknown as Pick<ExternalAccount, 'currency' | 'last4' | 'object'>;
  return { account: event.account, template: () => paused({ external, currency: external.currency }) };
};

/** The owner and the platform have an event each. */
const tellOfHolding: Teller = async ({ event }) => {
  if (!('rendered' in event.object)) return null;
  const notice = event.object.rendered as unknown as HoldingNoticeWire;
  const isReached = eventTypeOf(event.type) === 'evenkeel.holding_limit.reached';
  return {
    account: event.account,
    template: () => held({ ...notice, isReached, isOwner: event.account === notice.account }),
  };
};

/** @rule R200, R110, R103, R192 */
const tellers: Readonly<Partial<Record<EventType, Teller>>> = {
  'refund.created': tellOfRefund,
  'refund.updated': tellOfRefund,
  'charge.dispute.created': tellOfDispute,
  'transfer.created': tellOfDebit,
  'payout.created': tellOfBankDebit,
  'account.external_account.updated': tellOfPause,
  'evenkeel.holding_limit.approaching': tellOfHolding,
  'evenkeel.holding_limit.reached': tellOfHolding,
};

/** What the worker needs to tell owners of accounts what happened to their money. */
export const composerWith = (objects: Objects) => ({
  types: Object.keys(tellers) as EventType[],
  isEnabled,

  async compose(event: RecordedEvent, book: number) {
    const type = eventTypeOf(event.type);
    const given = new Case(event, book, objects);
    const told = type && (await tellers[type]?.(given));
    if (!told) return null;
    const [owner, platform] = await Promise.all([
      given.find(accounts, told.account),
      given.find(accounts, given.platform),
    ]);
    if (!owner || owner.deleted) return null;
    const name = platform?.platform?.application_name ?? 'the platform';
    const template = told.template(owner, name);
    return template && { account: owner.id, to: owner.email ?? null, ...letter(template, owner, name) };
  },
});
