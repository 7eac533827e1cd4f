import type { Country } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import { assert } from '../../kernel/assert.ts';
import { birthOf, type Id, mint } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';

/** The operators' own book. It holds no money, only who the platforms are. */
export const REGISTER = 0;

/**
 * An entry in the register. The number of the operation that wrote it is the number of the platform's book, so two
 * platforms never get the same one, whichever process makes them.
 */
export interface PlatformObject extends StoredObject {
  readonly id: Id<'platform'>;
  readonly application_name: string;
  readonly country: Country;
  readonly default_currency: Currency;
  readonly livemode: boolean;
  /** It was born on a test clock. */
  readonly hasTestClock: boolean;
  /** The same platform in the other mode: test or live. */
  readonly otherMode?: Id<'platform'>;
  /** The one that a first start makes. */
  readonly isDefault?: true;
}

export const platforms = kind<PlatformObject>({
  no: 20,
  object: 'platform',
  prefixes: ['platform'],
  noun: 'platform',
  refs: [],
});

/** The entries of the register. Its own account owns them; it is the first of its book like any platform's. */
export const allPlatforms = { book: REGISTER, account: 1, kind: platforms.no } as const;

/** The number of the platform's own book. */
export const bookOfPlatform = ({ id }: Pick<PlatformObject, 'id'>): number => {
  const birth = birthOf(id, REGISTER);
  assert(birth !== null, 'a platform is an entry in the register');
  return birth.seq;
};

/** The entry of a book's platform. */
export const platformId = (book: number): Id<'platform'> => mint('platform', REGISTER, { seq: book, pos: 0 });

/** A platform is known by its account, which is the first object of its book. */
export const accountOfPlatform = (book: number): Id<'acct'> => mint('acct', book, { seq: 1, pos: 0 });
