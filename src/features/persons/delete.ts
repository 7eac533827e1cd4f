import { command, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { refuse } from '../../kernel/refusal.ts';
import { accounts } from '../accounts/object.ts';
import { type PersonObject, persons } from './object.ts';
import { isIndividual, noSuchPerson, refusePersonChange } from './rules.ts';
import { wholePersonWire } from './wire.ts';

interface DeletePerson {
  readonly account: string;
  readonly person: string;
}

const load = (read: Reader, params: DeletePerson) => ({
  account: read.find(accounts, params.account),
  person: read.find(persons, params.person),
});

/** Takes a person from a company's account. */
export const deletePerson = command({
  name: 'persons.delete',
  load,

  decide(params: DeletePerson, { account, person }: ReturnType<typeof load>, ctx) {
    const refusal = refusePersonChange(params.account, account, ctx);
    if (refusal) return refusal;
    assert(account, 'an account that may be seen is there');
    if (isIndividual(account, params.person)) return refuse('person_of_individual');
    if (person?.account !== account.id || person.deleted) return noSuchPerson(params.person);
    const deleted: PersonObject = { ...person, deleted: true };
    // Whoever hears of it learns who is gone, so it tells of the person in full.
    const rendered = wholePersonWire(person);
    return {
      result: deleted,
      put: [deleted],
      emit: [{ type: 'person.deleted' as const, account: account.id, object: { rendered } }],
    };
  },
});
