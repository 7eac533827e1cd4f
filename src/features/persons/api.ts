import { Refused } from '../../api/errors.ts';
import { listOf, paging, placeOf } from '../../api/list.ts';
import { boolean, form, object, optional } from '../../api/params.ts';
import { pageOfParts } from '../../api/part.ts';
import type { Read } from '../../api/read.ts';
import { act, create, type Done, type Route, read, remove } from '../../api/route.ts';
import type { Wire } from '../../api/view.ts';
import { birthOf } from '../../kernel/id.ts';
import { refuse } from '../../kernel/refusal.ts';
import { accountNo } from '../../ledger/chart.ts';
import { maySee } from '../accounts/access.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { personForm } from '../accounts/params.ts';
import { individualWire } from '../accounts/person-wire.ts';
import { createPerson } from './create.ts';
import { deletePerson } from './delete.ts';
import { type PersonObject, persons } from './object.ts';
import { hasRoles, isIndividual, noSuchPerson } from './rules.ts';
import { updatePerson } from './update.ts';
import { personView } from './view.ts';

/** @throws Refused X2 */
async function accessible(read: Read, id: string): Promise<AccountObject> {
  const account = await read.anywhere(accounts, id);
  if (!maySee(read.env, account)) throw new Refused(refuse('account_access', { key: read.maskedKey, id }));
  return account;
}

/** The person of this id, while it is one of the account's. */
async function personOf(read: Read, account: AccountObject, id: string): Promise<PersonObject | null> {
  const person = await read.anywhere(persons, id);
  return person?.account === account.id && !person.deleted ? person : null;
}

/** The person that was changed; an individual stands in its account. */
const respond = async ({ object: changed }: Done<PersonObject | AccountObject>, read: Read): Promise<Wire> =>
  'controller' in changed ? individualWire(changed, changed.individual ?? {}) : read.view(changed);

export const routes: readonly Route[] = [
  create('/v1/accounts/:account/persons', {
    tier: 2,
    summary: "Adds a person to a company's account.",
    params: personForm,
    command: createPerson,
    view: personView,
  }),
  read('/v1/accounts/:account/persons', {
    tier: 2,
    summary: 'The persons of an account, newest first.',
    params: form({
      relationship: optional(
        object({
          authorizer: optional(boolean()),
          director: optional(boolean()),
          executive: optional(boolean()),
          legal_guardian: optional(boolean()),
          owner: optional(boolean()),
          representative: optional(boolean()),
        }),
      ),
      ...paging,
    }),
    view: personView,
    handler: async (read, { account: id, relationship = {}, ...paging }) => {
      const account = await accessible(read, id);
      const roles = Object.fromEntries(Object.entries(relationship).filter(([, wanted]) => wanted !== undefined));
      if (account.individual) {
        const { id: person, ...wire } = individualWire(account, account.individual);
        const isWanted = () => hasRoles({ relationship: wire.relationship }, roles as Record<string, boolean>);
        const page = pageOfParts([{ id: String(person), ...wire }], isWanted, paging, persons.noun);
        return listOf(read.path, page.items, page.hasMore);
      }
      const place = await placeOf(paging, persons.noun, async (cursor) =>
        (await personOf(read, account, cursor)) ? birthOf(cursor, read.book) : null,
      );
      const page = await read.objects(persons, {
        ...place,
        account: accountNo(account.id, read.book),
        where: (person) =>
          !(person as PersonObject).deleted &&
          hasRoles((person as PersonObject).details, roles as Record<string, boolean>),
      });
      return listOf(
        read.path,
        page.items.map((person) => read.view(person)),
        page.hasMore,
      );
    },
  }),
  read('/v1/accounts/:account/persons/:person', {
    tier: 2,
    summary: 'One person of an account.',
    view: personView,
    handler: async (read, { account: id, person: personId }) => {
      const account = await accessible(read, id);
      if (isIndividual(account, personId)) return individualWire(account, account.individual ?? {});
      const person = await personOf(read, account, personId);
      if (person) return read.view(person);
      throw new Refused(noSuchPerson(personId));
    },
  }),
  act('/v1/accounts/:account/persons/:person', {
    tier: 2,
    summary: 'Changes a person of an account.',
    params: personForm,
    command: updatePerson,
    view: personView,
    respond,
  }),
  remove('/v1/accounts/:account/persons/:person', {
    tier: 2,
    summary: "Takes a person from a company's account.",
    command: deletePerson,
    view: personView,
  }),
];
