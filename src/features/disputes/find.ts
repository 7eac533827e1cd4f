import type { Context, Reader } from '../../engine/command.ts';
import { accounts } from '../accounts/object.ts';
import { type ChargeObject, charges } from '../charges/object.ts';
import { type DisputeObject, disputes } from './object.ts';
import { type Concerned, debitedIn } from './rules.ts';

/** A dispute by its own id, or as old routes do by its charge, whose newest one is meant. */
export type Named = { readonly dispute: string } | { readonly charge: string };

/** A dispute with all that deciding it takes. */
export interface Case {
  readonly dispute: DisputeObject;
  readonly charge: ChargeObject;
  readonly parties: Concerned;
  /** The charge's other disputes. */
  readonly others: readonly DisputeObject[];
}

/** The accounts of a disputed charge; asks for the balances that a dispute of it may move, too. */
export function loadConcerned(read: Reader, charge: ChargeObject, { platform }: Pick<Context, 'platform'>): Concerned {
  const find = (id: string | undefined) => (id === undefined ? undefined : read.find(accounts, id));
  const platformAccount = find(platform);
  if (platformAccount) {
    const { currency, platformCurrency } = debitedIn(charge, platformAccount);
    read.balance(charge.account, currency);
    read.balance(platform, platformCurrency);
  }
  return {
    owner: find(charge.account),
    platform: platformAccount,
    destination: find(charge.transfer_data?.destination),
    onBehalfOf: find(charge.on_behalf_of),
  };
}

/** The case of a dispute anywhere in the book. */
export function findCase(read: Reader, id: string, ctx: Pick<Context, 'platform'>): Case | undefined {
  const dispute = read.find(disputes, id);
  const charge = dispute && read.find(charges, dispute.charge);
  if (!charge) return undefined;
  // A fee that comes back does so where it was paid, whatever the platform has become since.
  if (dispute.fee) read.balance(dispute.fee.account, dispute.fee.currency);
  const others = (charge.disputes ?? []).filter((other) => other !== id).map((other) => read.find(disputes, other));
  return {
    dispute,
    charge,
    parties: loadConcerned(read, charge, ctx),
    others: others.filter((other) => other !== undefined),
  };
}

/** The case of one of the acting account's disputes. */
export function ownCase(read: Reader, named: Named, ctx: Pick<Context, 'account' | 'platform'>): Case | undefined {
  const id = 'dispute' in named ? named.dispute : read.own(charges, named.charge)?.disputes?.[0];
  const found = id === undefined ? undefined : findCase(read, id, ctx);
  return found?.dispute.account === ctx.account ? found : undefined;
}
