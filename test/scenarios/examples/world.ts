import type Stripe from 'stripe';
import type { TestPlatform } from '../../support/platform.ts';
import type { TestServer } from '../../support/server.ts';
import type { Example } from './example.ts';

export interface Party {
  readonly id: string; // acct_…
  readonly name: string; // the example's: P, A, B, C, …
  readonly country: string; // upper case
  readonly currency: string;
  /** Undefined for the platform: its requests carry no Stripe-Account header. */
  readonly stripeAccount: string | undefined;
}

/** A charge made in the example, and the account that has it. */
export interface MadeCharge {
  readonly id: string;
  readonly amount: number;
  readonly owner: Party;
}

/**
 * One example under way on a platform of its own. What the examples call "the charge", "the transfer" without an id is
 * the one made last.
 */
export interface World {
  readonly example: Example;
  readonly server: TestServer;
  readonly stripe: Stripe;
  readonly platform: TestPlatform;
  readonly clock: string;
  readonly parties: ReadonlyMap<string, Party>;
  readonly seenRows: Set<string>; // ids of balance transactions that an earlier step has accounted for
  readonly charges: MadeCharge[];
  now: number; // unix seconds, where the test clock stands
  debitReference?: string | undefined; // a charge that an account debit under managed risk refers to
  transfer?: string;
  applicationFee?: string;
  dispute?: { readonly id: string; readonly owner: Party; readonly inquiry: boolean };
  payout?: { readonly id: string; readonly owner: Party };
  debitCard?: string; // external account for instant payouts
}

export function party(world: World, name: string | undefined): Party {
  const found = world.parties.get(name ?? '');
  if (!found) throw new Error(`${world.example.id} has no account ${name}`);
  return found;
}

export function lastCharge(world: World): MadeCharge {
  const charge = world.charges.at(-1);
  if (!charge) throw new Error(`${world.example.id} has made no charge yet`);
  return charge;
}

/** Request options: act as the party. */
export function as({ stripeAccount }: Party): Stripe.RequestOptions {
  return stripeAccount === undefined ? {} : { stripeAccount };
}
