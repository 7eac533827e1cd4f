import { command, event } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { refuse } from '../../kernel/refusal.ts';
import { accounts } from '../accounts/object.ts';
import type { PersonChange } from '../accounts/params.ts';
import { changedDetails } from './details.ts';
import type { PersonObject } from './object.ts';
import { refusePersonChange } from './rules.ts';

/** Adds a person to a company's account. */
export const createPerson = command({
  name: 'persons.create',
  load: (read, { account }: PersonChange & { readonly account: string }) => ({ account: read.find(accounts, account) }),

  decide(params, { account }, ctx) {
    const refusal = refusePersonChange(params.account, account, ctx);
    if (refusal) return refusal;
    assert(account, 'an account that may be seen is there');
    if (account.individual) return refuse('person_of_individual');
    const person: PersonObject = {
      id: ctx.id('person'),
      account: account.id,
      created: ctx.now,
      details: changedDetails(undefined, params),
    };
    return { result: person, put: [person], emit: [event('person.created', person)] };
  },
});
