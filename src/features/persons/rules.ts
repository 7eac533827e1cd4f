import type { Context } from '../../engine/command.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { maySee, refuseAccess } from '../accounts/access.ts';
import { at } from '../accounts/details.ts';
import type { AccountObject, Details } from '../accounts/object.ts';

export const noSuchPerson = (id: string): Refusal =>
  refuse('no_such_in_path', { object: 'person', id, param: 'person' });

/** The individual that the account is, if `person` is its id. */
export const isIndividual = ({ individual }: AccountObject, person: string): boolean => at(individual, 'id') === person;

/** X2; and who somebody is, only the account's own pages tell once it has been through them. */
export function refusePersonChange(id: string, account: AccountObject | undefined, ctx: Context): Refusal | null {
  if (!maySee(ctx, account) || account.platform) return refuseAccess(id, ctx);
  return account.controller.requirement_collection === 'stripe' && account.details_submitted
    ? refuse('account_identity_not_editable', { id })
    : null;
}

/** Whether a person has each of the roles that a list asks for. */
export const hasRoles = (details: Details, roles: Readonly<Record<string, boolean>>): boolean =>
  Object.entries(roles).every(([name, wanted]) => (at(details, 'relationship', name) === true) === wanted);
