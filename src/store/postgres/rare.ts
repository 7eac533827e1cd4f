import { type BalanceTransactionType, balanceTransactionTypeNo } from '../../data/balance-transaction-types.ts';
import { type EventType, eventTypeNo } from '../../data/event-types.ts';

/**
 * Which types card payments leave in number. What is asked for by any other type is looked up in the indexes of schema 0014,
 * which a query finds by saying their conditions word for word. Whoever changes a list here makes a new index for it; until
 * then lists are slow, and never wrong.
 */

const platformNo = 1;
const numbers = (types: readonly BalanceTransactionType[]) => types.map(balanceTransactionTypeNo).sort((a, b) => a - b);
const ofPlatform = numbers(['charge', 'transfer', 'application_fee']);
const ofConnected = numbers(['charge', 'payment']);
const events = (
  [
    'charge.succeeded',
    'payment.created',
    'transfer.created',
    'application_fee.created',
    'payment_intent.created',
    'payment_intent.succeeded',
  ] satisfies readonly EventType[]
)
  .map(eventTypeNo)
  .sort((a, b) => a - b);

/** What is true of every row of this type, if it is a rare one in this account; else null. `t` is the table. */
export function rareRow(account: number, type: number, t: string): string | null {
  if ((account === platformNo ? ofPlatform : ofConnected).includes(type)) return null;
  return `case when ${t}.account = ${platformNo} then ${t}.type not in (${ofPlatform.join(', ')}) else ${t}.type not in (${ofConnected.join(', ')}) end`;
}

/** What is true of every operation with an event of these types, if all of them are rare; else null. */
export function rareEvents(types: readonly number[], a: string): string | null {
  return types.some((type) => events.includes(type)) ? null : `not ${a}.events <@ '{${events.join(',')}}'::smallint[]`;
}
