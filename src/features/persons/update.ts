import { command, type Decision, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { accountUpdated } from '../accounts/news.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import type { PersonChange } from '../accounts/params.ts';
import { individualWire } from '../accounts/person-wire.ts';
import { tokens } from '../tokens/object.ts';
import { changedDetails } from './details.ts';
import { type PersonObject, persons } from './object.ts';
import { isIndividual, noSuchPerson, refusePersonChange } from './rules.ts';
import { withPersonToken } from './token.ts';

export type UpdatePerson = PersonChange & { readonly account: string; readonly person: string };

const load = (read: Reader, params: UpdatePerson) => ({
  account: read.find(accounts, params.account),
  person: read.find(persons, params.person),
  token: params.person_token === undefined ? undefined : read.own(tokens, params.person_token),
});

/** Changes a person of an account; the one that an individual's account is, changes with its account. */
export const updatePerson = command({
  name: 'persons.update',
  load,

  decide(
    request: UpdatePerson,
    { account, person, token }: ReturnType<typeof load>,
    ctx,
  ): Decision<AccountObject | PersonObject> | Refusal {
    const refusal = refusePersonChange(request.account, account, ctx);
    if (refusal) return refusal;
    assert(account, 'an account that may be seen is there');
    const completed = withPersonToken(request, token);
    if (isRefusal(completed)) return completed;
    const { params, spent } = completed;
    if (isIndividual(account, params.person)) {
      const { changedPart: _, ...rest } = account;
      const individual = changedDetails(account.individual, params);
      const changed: AccountObject = { ...rest, individual };
      const rendered = individualWire(changed, individual);
      return {
        result: changed,
        put: [changed, ...spent],
        emit: [{ type: 'person.updated', account: account.id, object: { rendered } }, accountUpdated(changed)],
      };
    }
    if (person?.account !== account.id || person.deleted) return noSuchPerson(params.person);
    const changed: PersonObject = { ...person, details: changedDetails(person.details, params) };
    return { result: changed, put: [changed, ...spent], emit: [event('person.updated', changed)] };
  },
});
