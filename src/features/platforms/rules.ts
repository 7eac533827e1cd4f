import { type Country, countries } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import { RESERVES_DEFAULT_SINCE } from '../../data/limits.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import { TIME_MAX } from '../test-clocks/rules.ts';
import { accountOfPlatform, bookOfPlatform, type PlatformObject, platforms } from './object.ts';
import type { CreatePlatform } from './params.ts';

/** Asked before anything is written: what it lets pass can be founded, as far as the platform itself goes. */
export function refusePlatform({ livemode, test_clock: clock, created }: CreatePlatform): Refusal | null {
  if (livemode && clock) return refuse('test_mode_only');
  if (created !== undefined) {
    if (created < 0) return refuse('integer_too_small', { param: 'created', minimum: 0 });
    if (created > TIME_MAX) return refuse('integer_too_large', { param: 'created', maximum: TIME_MAX });
  }
  if (!clock) return null;
  const param = 'test_clock[frozen_time]';
  if (clock.frozen_time < 0) return refuse('integer_too_small', { param, minimum: 0 });
  if (clock.frozen_time > TIME_MAX) return refuse('integer_too_large', { param, maximum: TIME_MAX });
  return null;
}

/**
 * May a platform be the other mode of one that is there?
 *
 * @param id    the account of that one, as it was asked for
 * @param other what has its number in the register
 */
export function refuseOtherMode(
  id: string,
  { other, livemode }: { readonly other: PlatformObject | undefined; readonly livemode: boolean },
): Refusal | null {
  const param = 'other_mode';
  if (!other || accountOfPlatform(bookOfPlatform(other)) !== id) {
    return refuse('no_such', { object: platforms.noun, id, param });
  }
  if (other.livemode === livemode) {
    return refuse('invalid_value', { param, reason: 'must be a platform in the other mode' });
  }
  return other.otherMode === undefined
    ? null
    : refuse('invalid_value', { param, reason: 'must be a platform that is in one mode only' });
}

/** What a platform is when its maker does not say. */
export interface Terms {
  readonly country: Country;
  readonly default_currency: Currency;
  readonly application_name: string;
}

export function termsOf({ country = 'US', default_currency, application_name = 'Evenkeel' }: CreatePlatform): Terms {
  return { country, default_currency: default_currency ?? countries[country].defaultCurrency, application_name };
}

/** R82: platforms of before 2017-02-01 have no reserves, unless it is said. */
export const reservesEnabled = (said: boolean | undefined, created: UnixSeconds): boolean =>
  said ?? created >= RESERVES_DEFAULT_SINCE;
