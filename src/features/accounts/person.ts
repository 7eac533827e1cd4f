import type { Id } from '../../kernel/id.ts';
import { at } from './details.ts';
import type { AccountObject } from './object.ts';
import type { UpdateAccount } from './params.ts';

/** The params with an id for the person that an individual's account is; a person that has one keeps it. */
export function individualOf<P extends UpdateAccount>(
  account: AccountObject | undefined,
  params: P,
  mints: { id<Prefix extends string>(prefix: Prefix): Id<Prefix> },
): P {
  if (params.individual === undefined) return params;
  const known = at(account?.individual, 'id');
  return { ...params, individual: { ...params.individual, id: known ?? mints.id('person') } };
}

/** What says who somebody is, and not only how to reach it. */
export const changesIdentity = ({ business_type, company, individual }: UpdateAccount): boolean =>
  business_type !== undefined || company !== undefined || individual !== undefined;
