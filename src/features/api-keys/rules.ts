import { type Grants, type Level, type Resource, resources } from '../../data/permissions.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { KeyKind, NewKey } from '../../store/reader.ts';
import type { CreateKey } from './params.ts';

/** What a key is to be, whatever its text. */
export type Terms = Pick<NewKey, 'kind' | 'name' | 'grants'>;

function grantsOf({ permissions, accounts = [] }: CreateKey, kind: KeyKind): Grants | null | Refusal {
  if (kind !== 'restricted') {
    const sent = permissions === undefined ? (accounts.length > 0 ? 'accounts' : null) : 'permissions';
    return sent === null
      ? null
      : refuse('invalid_value', { param: sent, reason: 'is for restricted keys alone: pass type=restricted, too' });
  }
  if (permissions === undefined) return refuse('missing_parameter', { name: 'permissions' });
  // In their own order, so that the same are spelled the same.
  const granted = resources.flatMap((resource): [Resource, Level][] => {
    const level = permissions[resource];
    return level === undefined || level === 'none' ? [] : [[resource, level]];
  });
  return {
    permissions: Object.fromEntries(granted),
    accounts: accounts === 'all' ? 'all' : [...new Set(accounts)].sort(),
  };
}

/** Whether the accounts are connected, only the books can say. */
export function termsOf(params: CreateKey): Terms | Refusal {
  const kind = params.type ?? 'secret';
  const grants = grantsOf(params, kind);
  return isRefusal(grants) ? grants : { kind, name: params.name ?? null, grants };
}

/** Grants come back from the database with their names in another order. */
const spelled = ({ kind, name, grants }: Terms): string =>
  JSON.stringify([kind, name, grants?.accounts, resources.map((resource) => grants?.permissions[resource] ?? null)]);

export const sameTerms = (one: Terms, other: Terms): boolean => spelled(one) === spelled(other);
