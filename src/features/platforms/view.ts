import type { Wire } from '../../api/view.ts';
import { birthClockId } from '../test-clocks/object.ts';
import type { Founded } from './found.ts';
import { accountOfPlatform, bookOfPlatform, type PlatformObject, platforms } from './object.ts';

/** What making a platform answers: the only place where its key is seen. */
export function foundedWire({ platform, secret }: Founded): Wire {
  const book = bookOfPlatform(platform);
  return {
    id: accountOfPlatform(book),
    object: platforms.object,
    secret_key: secret,
    test_clock: platform.hasTestClock ? birthClockId(book) : null,
  };
}

/** A platform in the operator's list. */
export function platformWire(platform: PlatformObject): Wire {
  const book = bookOfPlatform(platform);
  return {
    id: accountOfPlatform(book),
    object: platforms.object,
    application_name: platform.application_name,
    country: platform.country,
    created: platform.created,
    default_currency: platform.default_currency,
    livemode: platform.livemode,
    other_mode: platform.otherMode === undefined ? null : accountOfPlatform(bookOfPlatform({ id: platform.otherMode })),
    test_clock: platform.hasTestClock ? birthClockId(book) : null,
  };
}
