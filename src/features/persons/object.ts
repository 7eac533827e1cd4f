import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Details } from '../accounts/object.ts';

/**
 * Somebody who acts for a company's account or owns a part of it. `account` is the connected account. The person that an
 * individual's account is stands in the account itself.
 */
export interface PersonObject extends StoredObject {
  readonly id: Id<'person'>;
  /** As sent, in Stripe's spelling; of numbers that identify a person only that they were given. */
  readonly details: Details;
  readonly deleted?: true;
}

export const persons = kind<PersonObject>({
  no: 46,
  object: 'person',
  prefixes: ['person'],
  noun: 'person',
  refs: [],
});
