import { command, event } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { accounts } from '../accounts/object.ts';
import type { PersonChange } from '../accounts/params.ts';
import { tokens } from '../tokens/object.ts';
import { changedDetails } from './details.ts';
import type { PersonObject } from './object.ts';
import { refusePersonChange } from './rules.ts';
import { withPersonToken } from './token.ts';

/** Adds a person to a company's account. */
export const createPerson = command({
  name: 'persons.create',
  load: (read, { account, person_token }: PersonChange & { readonly account: string }) => ({
    account: read.find(accounts, account),
    token: person_token === undefined ? undefined : read.own(tokens, person_token),
  }),

  decide(params, { account, token }, ctx) {
    const refusal = refusePersonChange(params.account, account, ctx);
    if (refusal) return refusal;
    assert(account, 'an account that may be seen is there');
    if (account.individual) return refuse('person_of_individual');
    const completed = withPersonToken(params, token);
    if (isRefusal(completed)) return completed;
    const person: PersonObject = {
      id: ctx.id('person'),
      account: account.id,
      created: ctx.now,
      details: changedDetails(undefined, completed.params),
    };
    return { result: person, put: [person, ...completed.spent], emit: [event('person.created', person)] };
  },
});
