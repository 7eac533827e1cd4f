import { type Context, command } from '../../engine/command.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { withoutSecrets } from '../accounts/details.ts';
import type { Details } from '../accounts/object.ts';
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

/** What is said of a company or of persons, so that the platform's server never has it; numbers are not kept. */
function toldToken(id: TokenObject['id'], type: 'account' | 'person', told: Details, ctx: Context): TokenObject {
  const kept = Object.entries(withoutSecrets(told) ?? {}).map(([name, value]): [string, unknown] => [
    name,
    name === 'company' || name === 'individual' ? withoutSecrets(value as Details) : value,
  ]);
  return { id, account: ctx.account, created: ctx.now, type, used: false, told: Object.fromEntries(kept) };
}

const choices = ['card', 'bank_account', 'account', 'person', 'pii', 'cvc_update'] as const;

function tokenOf(sent: CreateToken, ctx: Context): TokenObject | Refusal {
  if (sent.card) return cardToken(sent.card, ctx);
  if (sent.bank_account) return bankToken(sent.bank_account, ctx);
  if (sent.account) return toldToken(ctx.id('ct'), 'account', sent.account, ctx);
  if (sent.person) return toldToken(ctx.id('cpt'), 'person', sent.person, ctx);
  if (sent.pii === undefined && sent.cvc_update === undefined) return refuse('token_of_nothing');
  const type = sent.pii === undefined ? 'cvc_update' : 'pii';
  return { id: ctx.id('tok'), account: ctx.account, created: ctx.now, type, used: false };
}

/** Keeps what was entered, without numbers that nobody needs any more, for one use. */
export const createToken = command({
  name: 'tokens.create',
  load: () => null,

  decide(params: CreateToken, _: null, ctx) {
    const [first, second] = choices.filter((name) => params[name] !== undefined);
    if (first !== undefined && second !== undefined) return refuse('parameters_exclusive', { first, second });
    const token = tokenOf(params, ctx);
    return isRefusal(token) ? token : { result: token, put: [token] };
  },
});
