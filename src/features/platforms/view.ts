import type { Wire } from '../../api/view.ts';
import { type Id, mint } from '../../kernel/id.ts';
import { birthClockId } from '../test-clocks/object.ts';
import type { Founded } from './found.ts';
import { bookOfPlatform, type PlatformObject, platforms } from './object.ts';

/** A platform is known by its account, which is the first object of its book. */
const accountOf = (book: number): Id<'acct'> => mint('acct', book, { seq: 1, pos: 0 });

/** What making a platform answers: the only place where its key is seen. */
export function foundedWire({ platform, secret }: Founded): Wire {
  const book = bookOfPlatform(platform);
  return {
    id: accountOf(book),
    object: platforms.object,
    secret_key: secret,
    test_clock: platform.hasTestClock ? birthClockId(book) : null,
  };
}

/** A platform in the operator's list. */
export function platformWire(platform: PlatformObject): Wire {
  const book = bookOfPlatform(platform);
  return {
    id: accountOf(book),
    object: platforms.object,
    application_name: platform.application_name,
    country: platform.country,
    created: platform.created,
    default_currency: platform.default_currency,
    livemode: platform.livemode,
    test_clock: platform.hasTestClock ? birthClockId(book) : null,
  };
}
