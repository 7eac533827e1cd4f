import { type Context, command } from '../../engine/command.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { newExternalBankAccount } from './bank.ts';
import { cardFromNumber } from './card.ts';
import { debitCardFromNumber } from './debit-card.ts';
import type { TokenObject } from './object.ts';
import type { CreateToken } from './params.ts';

type EnteredCard = NonNullable<CreateToken['card']>;
type EnteredBank = NonNullable<CreateToken['bank_account']>;

function cardToken({ currency, ...entered }: EnteredCard, ctx: Context): TokenObject | Refusal {
  const card = cardFromNumber(entered, ctx.now);
  if (isRefusal(card)) return card;
  const id = ctx.id('tok');
  const birth = { id: ctx.id('card'), created: ctx.now };
  const external = debitCardFromNumber(entered.number, card, birth, currency);
  return {
    id,
    account: ctx.account,
    created: ctx.now,
    type: 'card',
    used: false,
    card: { ...card, id: birth.id },
    ...(external && { external }),
  };
}

function bankToken(entered: EnteredBank, ctx: Context): TokenObject | Refusal {
  const id = ctx.id('btok');
  const external = newExternalBankAccount(entered, { id: ctx.id('ba'), created: ctx.now });
  if (isRefusal(external)) return external;
  return { id, account: ctx.account, created: ctx.now, type: 'bank_account', used: false, external };
}

/** Keeps a card or bank account, without its number, for one use. */
export const createToken = command({
  name: 'tokens.create',
  load: () => null,

  decide({ card, bank_account }: CreateToken, _: null, ctx) {
    if (card !== undefined && bank_account !== undefined) {
      return refuse('parameters_exclusive', { first: 'card', second: 'bank_account' });
    }
    const token = card ? cardToken(card, ctx) : bank_account && bankToken(bank_account, ctx);
    if (token === undefined) return refuse('token_of_nothing');
    return isRefusal(token) ? token : { result: token, put: [token] };
  },
});
